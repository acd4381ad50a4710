"""auth.test, auth.revoke, apps.connections.open, team.info, bots.info, blocks.validate, api.test."""

from bot.sandbox.slack.blockkit import message_problems, view_problems
from bot.sandbox.slack.methods.method import TIER_3, Call, Method
from bot.sandbox.slack.people import APP_ID, BOT_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, TEAM_NAME
from bot.sandbox.slack.wire import ApiError, Json


def _auth_test(call: Call) -> Json:
    workspace = call.world.workspace
    return {
        "url": f"{workspace.base_url}/",
        "team": TEAM_NAME,
        "user": workspace.app.name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _open_connection(call: Call) -> Json:
    base = call.world.workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={call.sockets.ticket()}&app_id={APP_ID}"}


def _team_info(_call: Call) -> Json:
    return {"team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": "", "icon": {}}}


def _bots_info(call: Call) -> Json:
    if (call.optional("bot") or BOT_ID) != BOT_ID:
        raise ApiError("bot_not_found")
    return {
        "bot": {
            "id": BOT_ID,
            "deleted": False,
            "name": call.world.workspace.app.name,
            "app_id": APP_ID,
            "user_id": BOT_USER_ID,
            "icons": {},
        }
    }


def _revoke(call: Call) -> Json:
    """Take the token back; it works again after the next start, which installs the app anew."""
    revoked = not call.flag("test")
    call.world.workspace.revoked |= revoked
    return {"revoked": revoked}


def _validate(call: Call) -> Json:
    given = [key for key in ("blocks", "message", "view") if call.args.get(key) or isinstance(call.args.get(key), list)]
    if len(given) != 1:
        raise ApiError("invalid_arguments", problems=["must provide exactly one of: blocks, message, view"])
    value = call.nested(given[0])
    showable = call.world.files.showable
    if given[0] == "view":
        problems = view_problems(value, showable)
    else:
        whole = given[0] == "message" and isinstance(value, dict)
        problems = message_problems(value.get("blocks", []) if whole else value, showable)
    if problems:
        raise ApiError(f"invalid_{given[0]}", errors=[_validation_error(problem) for problem in problems])
    return {}


def _validation_error(problem: str) -> Json:
    """An entry of ``errors`` as this one method words it: an object, where the others answer a text."""
    message, _, rest = problem.partition(" [json-pointer:")
    return {"pointer": rest.removesuffix("]"), "code": "failed_constraint", "message": message}


METHODS = {
    "api.test": Method(lambda call: {"args": call.args}, per_minute=None),
    "auth.test": Method(_auth_test, per_minute=None),
    "auth.revoke": Method(_revoke, per_minute=TIER_3),
    "apps.connections.open": Method(_open_connection, per_minute=TIER_3, app_token=True),
    "team.info": Method(_team_info, scope="team:read", per_minute=TIER_3),
    "bots.info": Method(_bots_info, scope="users:read", per_minute=TIER_3),
    "blocks.validate": Method(_validate),
}
