"""``muster message``: try a channel, tell how somebody is reached, see what reached nobody."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from muster.access.queries import COMMAND_LINE
from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.messages.actions import set_contact, try_again
from muster.messages.channels import CarryError, Envelope, open_channels
from muster.messages.kinds import Channel
from muster.messages.queries import list_undelivered
from muster.messages.wording import render
from muster.people.queries import get_person
from muster.territory.queries import get_area

ChannelName = StrEnum("ChannelName", {channel.name: channel.value for channel in Channel})  # type: ignore[misc]  # its members are the channels
ChannelOption = Annotated[ChannelName, typer.Option(help=say("Which channel.", "渠道。"))]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=say("Messages and channels.", "消息与渠道。"))


@app.command(help=say("Send a trial, now, past the outbox.", "不经发件箱，立即试发一条。"))
def trial(
    channel: ChannelOption,
    to: Annotated[str, typer.Option(help=say("Address on the channel.", "该渠道上的地址。"))],
) -> None:
    """Send a trial and tell whether the channel took it."""
    carry = open_channels().get(channel.value)
    if carry is None:
        raise MusterError(
            say(f"The channel {channel.value} is not set up.", f"渠道 {channel.value} 还没有设置。"),
            remedy=say("See docs/operating/messages.md.", "见 docs/operating/messages.md。"),
        )
    said = render("trial", {}, say("en", "zh-hans"), is_exercise=False)
    try:
        carry(Envelope(uuid4(), to, said.subject, said.text))
    except CarryError as error:
        raise MusterError(say(f"It was not taken: {error}.", f"没有送出：{error}。")) from error


@app.command(help=say("Tell how somebody is reached on a channel.", "登记某人或某区域办公室的联系方式。"))
def contact(
    channel: ChannelOption,
    person: Annotated[str, typer.Option(metavar="CODE", help=say("The person.", "人员。"))] = "",
    area: Annotated[str, typer.Option(metavar="CODE", help=say("The area whose office it is.", "所属区域。"))] = "",
) -> None:
    """Read the address from stdin, where no other user of the machine sees it; an empty one takes it away."""
    if bool(area) == bool(person):
        raise typer.BadParameter(say("give one of --area and --person.", "--area 与 --person 须二选一。"))
    require_database()
    of = get_person(person) if person else get_area(area)
    address = sys.stdin.readline().strip()
    set_contact(actor=COMMAND_LINE, now=clock.now(), of=of, channel=Channel(channel.value), address=address)


@app.command("list", help=say("List what reached nobody.", "列出没有送达的消息。"))
def list_(
    again: Annotated[bool, typer.Option("--again", help=say("Queue it all again.", "全部重新发送。"))] = False,
) -> None:
    """Print a line for each message that reached nobody, divided by tabs."""
    require_database()
    for message in list(list_undelivered().select_related("person", "area")):
        recipient = message.person or message.area
        cells = (str(message.pk), str(message.ended_at), str(recipient), message.wording, message.failure)
        sys.stdout.write("\t".join(cells) + "\n")
        if again:
            try_again(actor=COMMAND_LINE, message=message)
