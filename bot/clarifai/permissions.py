"""Which of the bot's calls Clarifai refuses to a key, asked without writing anything.

Every call is sent with nothing in it but the app's name: no concepts, no models, no inputs. A key that may not make the
call is refused with one of the codes of `WrongKey` (11007, "insufficient scopes", and its neighbours); whatever else is
answered (done, "no concepts", "does not exist") says that the key was let through to the call.

Proven: a call named here was refused by Clarifai itself a moment ago. Not proven: that the same call with something in
it succeeds (the plan's limits, another member's annotations), and that Clarifai looks at the key before it looks at
what was sent; where it does not, a call is taken for allowed that is not. Clarifai's own list of a key's scopes
(MyScopes) is not used: which scope a call needs is documented for no kind of key, so it could only be guessed from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clarifai_grpc.grpc.api import service_pb2 as api
from google.protobuf.message_factory import GetMessageClass

from bot.clarifai import rpcs
from bot.domain.errors import PlatformRefused, WrongKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.clarifai.calls import Calls

# Every call of the walkthrough, in its order, then those that read and write labels. A call that deletes is never
# sent empty: what it would delete then is documented nowhere.
ASKED: tuple[rpcs.Rpc[Any, Any], ...] = (
    rpcs.GET_USER,
    rpcs.GET_APP,
    rpcs.POST_APPS,
    rpcs.LIST_CONCEPTS,
    rpcs.POST_CONCEPTS,
    rpcs.SEARCH_CONCEPTS,
    rpcs.LIST_GRAPHS,
    rpcs.POST_GRAPHS,
    rpcs.LIST_RELATIONS,
    rpcs.POST_RELATIONS,
    rpcs.GET_MODEL,
    rpcs.POST_MODELS,
    rpcs.LIST_VERSIONS,
    rpcs.POST_VERSIONS,
    rpcs.GET_WORKFLOW,
    rpcs.POST_WORKFLOWS,
    rpcs.PATCH_WORKFLOWS,
    rpcs.RUN_WORKFLOW,
    rpcs.RUN_MODEL,
    rpcs.PATCH_APPS,
    rpcs.LIST_INPUTS,
    rpcs.GET_INPUT_COUNT,
    rpcs.POST_INPUTS,
    rpcs.LIST_ANNOTATIONS,
    rpcs.SEARCH_ANNOTATIONS,
    rpcs.SEARCH_INPUTS,
    rpcs.POST_ANNOTATIONS,
    rpcs.PATCH_ANNOTATIONS,
)
_METHODS = api.DESCRIPTOR.services_by_name["V2"].methods_by_name


def refused(calls: Calls) -> Sequence[str]:
    """Name the calls that this key may not make.

    Raises:
        PlatformUnavailable: Clarifai is away or busy; nothing is known then.
    """
    return [rpc.name for rpc in ASKED if _is_refused(calls, rpc)]


def _is_refused(calls: Calls, rpc: rpcs.Rpc[Any, Any]) -> bool:
    request = GetMessageClass(_METHODS[rpc.name].input_type)(user_app_id=calls.scope)
    try:
        calls.send(rpc, request)
    except WrongKey:
        return True
    except PlatformRefused:
        return False
    return False
