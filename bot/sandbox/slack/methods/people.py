"""users.info, users.list, usergroups.list, usergroups.users.list."""

from bot.sandbox.slack.methods.method import TIER_2, Call, Method
from bot.sandbox.slack.people import BOT_USER_ID, GROUPS, TEAM_ID, Group, Member
from bot.sandbox.slack.wire import ApiError, Json


def bot_member(name: str) -> Member:
    """The app's own user."""
    return Member(BOT_USER_ID, name, name, "America/Los_Angeles", is_bot=True)


def _info(call: Call) -> Json:
    workspace = call.world.workspace
    user_id = call.text("user", "user_not_found")
    member = bot_member(workspace.app.name) if user_id == BOT_USER_ID else workspace.people.get(user_id)
    if member is None:
        raise ApiError("user_not_found")
    return {"user": member.wire_form(workspace.clock())}


def _list(call: Call) -> Json:
    workspace = call.world.workspace
    everybody = [*workspace.people.values(), bot_member(workspace.app.name)]
    return {
        "members": [member.wire_form(workspace.clock()) for member in everybody],
        "cache_ts": workspace.now_s(),
        "response_metadata": {"next_cursor": ""},
    }


def _group_form(group: Group) -> Json:
    return {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.users),
    }


def _groups(call: Call) -> Json:
    users = call.flag("include_users")
    return {"usergroups": [_group_form(g) | ({"users": list(g.users)} if users else {}) for g in GROUPS]}


def _group_members(call: Call) -> Json:
    wanted = call.text("usergroup", "no_such_subteam")
    for group in GROUPS:
        if group.id == wanted:
            return {"users": list(group.users)}
    raise ApiError("no_such_subteam")


METHODS = {
    "users.info": Method(_info, scope="users:read"),
    "users.list": Method(_list, scope="users:read", per_minute=TIER_2),
    "usergroups.list": Method(_groups, scope="usergroups:read", per_minute=TIER_2),
    "usergroups.users.list": Method(_group_members, scope="usergroups:read", per_minute=TIER_2),
}
