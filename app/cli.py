"""The flask commands: each line calls an action."""

import click
import flask_migrate
from flask import Flask

from app import demo, jobs
from app.accounts import founding
from app.config import Mode, Settings
from app.processes import actions as publishing


def init_app(app: Flask) -> None:
    """Install the commands."""
    settings: Settings = app.config["SETTINGS"]

    @app.cli.command("add-administrator")
    @click.argument("login")
    @click.argument("name")
    @click.password_option()
    def add_administrator(login: str, name: str, password: str) -> None:
        """Add the first platform administrator; everybody else comes through the pages."""
        founding.add_administrator(login, name, password)
        click.echo(f"{login}: platform_administrator")

    @app.cli.command("demo-data")
    def demo_data() -> None:
        """Fill an installation in demo mode with invented hospitals and people."""
        if settings.mode is Mode.PRODUCTION:
            raise click.ClickException("demo people have known passwords: not in production mode")
        demo.create()
        click.echo(demo.sign_ins())

    @app.cli.command("prepare-demo")
    def prepare_demo() -> None:
        """Bring the demo's database up to date and fill what is missing; keeps what is there."""
        if settings.mode is not Mode.DEMO:
            raise click.ClickException("this is no demo: set HUIZHEN_MODE=demo")
        flask_migrate.upgrade()
        publishing.publish_shipped()
        demo.create()
        click.echo(demo.sign_ins())
        click.echo(f"\n  {settings.public_url}\n")

    @app.cli.command("run-job")
    @click.argument("name", type=click.Choice([job.name for job in jobs.TABLE]))
    def run_job(name: str) -> None:
        """Run one of the scheduler's jobs now, in this process."""
        click.echo(jobs.run_once(app, name))
