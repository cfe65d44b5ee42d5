"""``muster user``: accounts and their roles, made by whoever runs the system."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.queries import COMMAND_LINE, list_accounts
from muster.access.tokens import get_account, give_token, revoke_tokens
from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.organizations.queries import get_organization
from muster.territory.queries import get_area

RoleName = StrEnum("RoleName", {role.name: role.value for role in Role})  # type: ignore[misc]  # its members are the roles

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help=say("Create accounts and list them.", "建立账号、查看账号。")
)


@app.command(help=say("Create an account with one role.", "建立账号并授予一个角色。"))
def create(
    name: Annotated[str, typer.Argument(help=say("Name to sign in with.", "登录名。"), metavar="NAME")],
    role: Annotated[
        RoleName, typer.Option(help=say(f"One of: {', '.join(Role.values)}.", f"角色：{'、'.join(Role.values)}。"))
    ],
    area: Annotated[str, typer.Option(metavar="CODE", help=say("Area the role is for.", "角色所辖区域。"))] = "",
    organization: Annotated[
        str,
        typer.Option(metavar="CODE", help=say("Organization, for an organization liaison.", "单位（单位联络员用）。")),
    ] = "",
    display_name: Annotated[str, typer.Option(help=say("Name on the screen.", "显示的姓名。"))] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=say("Read the password from stdin.", "从标准输入读取密码。"))
    ] = False,
) -> None:
    """Create an account; the password is asked for, or read from stdin."""
    if bool(area) == bool(organization):
        raise typer.BadParameter(say("give one of --area and --organization.", "--area 与 --organization 须二选一。"))
    require_database()
    scope_area = get_area(area) if area else None
    scope_organization = get_organization(organization) if organization else None
    user = create_user(
        actor=COMMAND_LINE,
        now=clock.now(),
        username=name,
        password=read_password(from_stdin=password_stdin, is_new=True),
        display_name=display_name or name,
        role=role.value,
        area=scope_area,
        organization=scope_organization,
    )
    scope = scope_area or scope_organization
    sys.stdout.write(
        say(f"{user.username}: {role.value}, {scope}\n", f"已建立 {user.username}：{role.value}，{scope}\n")
    )


@app.command("list", help=say("List accounts with their roles.", "列出账号及其角色。"))
def list_() -> None:
    """Print a line for each role of each account, divided by tabs."""
    require_database()
    for account in list_accounts():
        for role, scope in account.roles or [("", "")]:
            state = "" if account.is_active else say("closed", "已停用")
            cells = (account.username, account.display_name, role, scope, state)
            sys.stdout.write("\t".join(cells).rstrip("\t") + "\n")


@app.command(help=say("Give an account a token for one device.", "为账号的一台设备发放令牌。"))
def token(
    name: Annotated[str, typer.Argument(help=say("Name of the account.", "账号名。"), metavar="NAME")],
    label: Annotated[str, typer.Option(help=say("Which device.", "哪台设备。"))] = "",
) -> None:
    """Print a new token: the only time that it is shown."""
    require_database()
    user = get_account(name)
    sys.stdout.write(give_token(actor=COMMAND_LINE, now=clock.now(), user=user, label=label) + "\n")


@app.command(help=say("Revoke the tokens of an account.", "吊销账号的令牌。"))
def revoke(
    name: Annotated[str, typer.Argument(help=say("Name of the account.", "账号名。"), metavar="NAME")],
    label: Annotated[str | None, typer.Option(help=say("Only of this device.", "只吊销这台设备的。"))] = None,
) -> None:
    """Revoke the tokens and tell how many there were."""
    require_database()
    count = revoke_tokens(actor=COMMAND_LINE, now=clock.now(), user=get_account(name), label=label)
    sys.stdout.write(say(f"{count} revoked\n", f"已吊销 {count} 个\n"))


def read_password(*, from_stdin: bool, is_new: bool) -> str:
    """Return a password from stdin or from the keyboard.

    Parameters
    ----------
    from_stdin
        Take the first line of stdin.
    is_new
        Ask for it twice.

    Raises
    ------
    MusterError
        If there is no keyboard to ask.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise MusterError(
            say("There is no terminal to ask for the password.", "没有终端，无法询问密码。"),
            remedy=say("Use --password-stdin.", "请用 --password-stdin。"),
        )
    return str(typer.prompt(say("Password", "密码"), hide_input=True, confirmation_prompt=is_new))
