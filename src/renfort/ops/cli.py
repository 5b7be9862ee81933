"""The program ``renfort``: commands for whoever runs the platform. Each loads what it needs when it is called."""

from __future__ import annotations

import json
import sys

import click

from renfort.kernel.sentences import Sentence


class Commands(click.Group):
    """A group whose errors are sentences: one line on stderr, exit code 2, no traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command.

        Raises:
            SystemExit: with code 2 after a sentence.
        """
        try:
            return super().invoke(ctx)
        except Sentence as sentence:
            click.echo(str(sentence), err=True)
        except Exception as error:
            if type(error).__name__ not in {"OperationalError", "AdminShutdown"}:
                raise
            click.echo(
                f"La base de données ne répond plus : {str(error).strip().splitlines()[0]}. Relancez quand elle est là.", err=True
            )
        sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 120})
def main() -> None:
    """Renfort : trouver, placer, suivre et remercier celles et ceux qui aident."""


@main.command()
def run() -> None:
    """Lance tout : base de données intégrée (sans DATABASE_URL), serveur web, ouvrier. Ctrl C arrête tout."""
    from renfort.config.env import environment
    from renfort.ops.supervisor import Stopped, Supervisor

    try:
        code = Supervisor(environment()).run()
    except Stopped:
        code = 0
    sys.exit(code)


@main.command()
def worker() -> None:
    """Lance un ouvrier : travaux en attente, courriels, tâches périodiques. TERM l'arrête après le travail en cours."""
    from renfort.ops.start import database
    from renfort.ops.worker import work

    with database() as settings:
        work(settings.worker_concurrency)


@main.command()
@click.option("--quiet", is_flag=True, help="Ne dit rien quand tout va bien.")
@click.option("--then-demo", is_flag=True, hidden=True, help="Charge ensuite la démonstration si la base est vide.")
def migrate(*, quiet: bool, then_demo: bool) -> None:
    """Met la base à jour : tables, premiers contenus, droits, géographie. Sans effet la seconde fois."""
    from renfort.ops.migrate import migrate as bring_up_to_date
    from renfort.ops.start import as_owner

    with as_owner() as settings:
        bring_up_to_date(settings, quiet=quiet)
        if then_demo:
            from renfort.ops.first_demo import load_once

            load_once()


@main.group()
def demo() -> None:
    """Données de démonstration."""


class Whole(click.ParamType[int]):
    """A whole number; anything else is answered with a sentence."""

    name = "nombre"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, spaces between thousands forgiven.

        Raises:
            Sentence: it is not a whole number.
        """
        try:
            return int("".join(str(value).split()))
        except ValueError:
            option = param.opts[0] if param else ""
            raise Sentence(f"{option} : « {value} » n'est pas un nombre entier. Exemple : {option} 300.") from None


@demo.command("load")
@click.option("--missions", type=Whole(), default=300, show_default=True, help="Nombre de missions.")
@click.option("--volunteers", type=Whole(), default=600, show_default=True, help="Nombre de personnes.")
@click.option("--seed", type=Whole(), default=1, show_default=True, help="Graine : la même donne les mêmes données le même jour.")
def load(missions: int, volunteers: int, seed: int) -> None:
    """Ajoute des missions et des personnes imaginaires, avec les comptes de démonstration."""
    from renfort.ops.first_demo import load_demo
    from renfort.ops.start import database

    with database():
        load_demo(missions=missions, volunteers=volunteers, seed=seed)


@main.group()
def user() -> None:
    """Comptes des personnes."""


@user.command("create")
@click.argument("email")
@click.option("--first-name", required=True, help="Prénom.")
@click.option("--last-name", required=True, help="Nom.")
@click.option("--role", default="operator", show_default=True, help="Rôle donné à la personne.")
@click.password_option(envvar="RENFORT_PASSWORD", help="Mot de passe ; demandé s'il n'est pas donné.")
def create_user(email: str, first_name: str, last_name: str, role: str, password: str) -> None:
    """Crée un compte, par exemple le premier de l'opérateur."""
    from renfort.ops.start import database

    with database():
        from renfort.ops.users import create

        create(email=email, first_name=first_name, last_name=last_name, role=role, password=password)
    click.echo(f"Compte créé : {email}.")


@user.command("password")
@click.argument("email")
@click.password_option(envvar="RENFORT_PASSWORD", help="Nouveau mot de passe ; demandé s'il n'est pas donné.")
def change_password(email: str, password: str) -> None:
    """Change le mot de passe d'un compte et ferme ses sessions."""
    from renfort.ops.start import database

    with database():
        from renfort.ops.users import change_password as change

        change(email=email, password=password)
    click.echo(f"Mot de passe changé : {email}.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="En JSON.")
def settings(*, as_json: bool) -> None:
    """Montre chaque réglage : variable, sens, valeur par défaut, valeur présente (les secrets sont masqués)."""
    from renfort.ops import settings_table

    click.echo(settings_table.as_json() if as_json else settings_table.as_text())


@main.command()
@click.option("--json", "as_json", is_flag=True, help="En JSON.")
def integrity(*, as_json: bool) -> None:
    """Vérifie ce qui doit toujours être vrai ; code 1 si une vérification échoue."""
    from renfort.ops.start import database

    with database():
        from renfort.ops.integrity import report

        text, holds = report(as_json=as_json)
    click.echo(text)
    sys.exit(0 if holds else 1)


@main.group()
def search() -> None:
    """Recherche des missions."""


@search.command("rebuild")
def rebuild_search() -> None:
    """Reconstruit la table des missions ouvertes et le lexique, site en marche."""
    from renfort.ops.start import database

    with database():
        from renfort.missions.services.search import rebuild

        count = rebuild()
    click.echo(f"Recherche reconstruite : {count} missions ouvertes.")


@main.command()
@click.argument("name", required=False)
@click.option("--list", "list_them", is_flag=True, help="Liste les mesures.")
@click.option("--json", "as_json", is_flag=True, help="En JSON sur une ligne.")
@click.option("-p", "--parameter", "parameters", multiple=True, metavar="NOM=VALEUR", help="Paramètre de la mesure.")
def bench(name: str | None, *, list_them: bool, as_json: bool, parameters: tuple[str, ...]) -> None:
    """Mesure quelque chose dans une base à part et écrit un objet JSON."""
    from renfort.ops import benches

    if list_them or not name:
        click.echo("\n".join(benches.names()))
        return
    from renfort.ops.start import database

    with database():
        result = benches.run(name, parameters)
    click.echo(json.dumps(result, ensure_ascii=False, indent=None if as_json else 2))


@main.command()
@click.option("--check", is_flag=True, help="N'écrit rien ; code 1 si une page n'est plus à jour.")
def docs(*, check: bool) -> None:
    """Écrit les pages de docs/ qui sont tirées du code."""
    from renfort.ops import pages
    from renfort.ops.start import start_django

    start_django()
    stale = pages.stale()
    if check:
        for page in stale:
            click.echo(f"{page} n'est plus à jour : lancez « make docs ».", err=True)
        sys.exit(1 if stale else 0)
    for page in stale:
        pages.write(page)
        click.echo(f"Écrit : {page}")


@main.command(hidden=True)
def static() -> None:
    """Rassemble et comprime les fichiers statiques (appelé par l'installation)."""
    from django.core.management import call_command

    from renfort.ops.start import start_django

    start_django()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


if __name__ == "__main__":
    main(prog_name="renfort")
