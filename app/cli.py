"""The flask commands: each line calls an action."""

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import audit, demo, jobs
from app.accounts import founding
from app.config import Mode, Settings
from app.processes import actions, shipping, signing


def init_app(app: Flask) -> None:
    """Install the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


@click.command("add-administrator")
@click.argument("login")
@click.argument("name")
@click.password_option()
@with_appcontext
def add_administrator(login: str, name: str, password: str) -> None:
    """Add the first platform administrator; everybody else comes through the pages."""
    founding.add_administrator(login, name, password)
    click.echo(f"{login}: platform_administrator")


@click.command("demo-data")
@with_appcontext
def demo_data() -> None:
    """Fill an installation in demo mode with invented hospitals and people."""
    if _settings().mode is Mode.PRODUCTION:
        raise click.ClickException("demo people have known passwords: not in production mode")
    demo.create()
    click.echo(demo.sign_ins())


@click.command("prepare-demo")
@with_appcontext
def prepare_demo() -> None:
    """Bring the demo's database up to date and fill what is missing; keeps what is there."""
    if _settings().mode is not Mode.DEMO:
        raise click.ClickException("this is no demo: set HUIZHEN_MODE=demo")
    flask_migrate.upgrade()
    actions.sign_unsigned()
    shipping.publish_shipped()
    demo.create()
    click.echo(demo.sign_ins())
    click.echo(f"\n  {_settings().public_url}\n")


@click.command("publish-shipped")
@click.option("--replace", is_flag=True, help="Also where a manager's version is in force.")
@with_appcontext
def publish_shipped(replace: bool) -> None:
    """Put the processes that ship with the product in force; may be run again."""
    for outcome in shipping.publish_shipped(replace):
        click.echo(outcome.sentence)


@click.command("sign-versions")
@with_appcontext
def sign_versions() -> None:
    """Sign the versions published before there were signatures; needed once, after an upgrade."""
    for publication in actions.sign_unsigned():
        click.echo(f"{publication.process.key}: version {publication.number} signed")
    click.echo(signing.public_key(), nl=False)


@click.command("verify-audit")
@with_appcontext
def verify_audit() -> None:
    """Check every link of the audit trail; exit 1 if any is broken."""
    verdict = audit.verify()
    for chain, places in verdict.broken.items():
        click.echo(f"{chain}: broken at {', '.join(map(str, places))}")
    if verdict.broken:
        raise SystemExit(1)
    click.echo(f"unbroken: {verdict.entries} entries in {verdict.chains} chains")


@click.command("run-job")
@click.argument("name", type=click.Choice([job.name for job in jobs.TABLE]))
@with_appcontext
def run_job(name: str) -> None:
    """Run one of the scheduler's jobs now, in this process."""
    click.echo(jobs.run_once(current_app, name))


COMMANDS = (
    add_administrator,
    demo_data,
    prepare_demo,
    publish_shipped,
    sign_versions,
    verify_audit,
    run_job,
)


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
