"""The report of ``renfort integrity``."""

from __future__ import annotations

import json

from renfort.kernel.integrity import Finding, registered, run

ONE_ROLE = (
    "Remarque : le site et les migrations utilisent le même rôle de base de données ; seul le déclencheur empêche de modifier "
    "l'historique. Deux rôles (RENFORT_OWNER_DATABASE_URL) l'interdiraient aussi par les droits : voir docs/operations.md."
)


def report(*, as_json: bool = False) -> tuple[str, bool]:
    """Run every registered check.

    Returns:
        The report, and whether everything holds.
    """
    from renfort.audit.selectors import trigger_alone_holds

    findings = run(registered())
    remarks = [ONE_ROLE] if trigger_alone_holds() else []
    text = (
        json.dumps([_as_data(finding) for finding in findings], ensure_ascii=False, indent=2)
        if as_json
        else "\n".join([_as_text(findings), *remarks])
    )
    return text, all(finding.holds for finding in findings)


def _as_data(finding: Finding) -> dict[str, object]:
    examples = [{name: str(value) for name, value in example.items()} for example in finding.examples]
    check = finding.check
    return {
        "name": check.name,
        "sentence": check.sentence,
        "ok": finding.holds,
        "offenders": finding.offenders,
        "examples": examples,
    }


def _as_text(findings: list[Finding]) -> str:
    lines = []
    for finding in findings:
        verdict = "ok" if finding.holds else f"{finding.offenders} en défaut"
        lines.append(f"{finding.check.name} : {verdict} — {finding.check.sentence}")
        lines += ["    " + ", ".join(f"{name}={value}" for name, value in example.items()) for example in finding.examples]
    failed = sum(not finding.holds for finding in findings)
    lines.append(f"{len(findings)} vérifications, {failed} en défaut.")
    return "\n".join(lines)
