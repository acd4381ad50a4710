"""The keys of an account, as far as clients look at their own."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Key
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal, missing
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import page_of

SCOPES = ("All",)  # a personal access token may do whatever its owner may


class Keys(Area):
    def my_scopes(self, call: Call, _: api.MyScopesRequest) -> api.MultiScopeResponse:
        """What the key of this request may do in the app it names, if it names one."""
        if call.scope.app:
            self.app_scope(call)
        return api.MultiScopeResponse(scopes=SCOPES if call.is_owner else ())

    def list_keys(self, call: Call, request: api.ListKeysRequest) -> api.MultiKeyResponse:
        page = page_of(request.page, request.per_page)
        held = [self._key(call)]
        return api.MultiKeyResponse(keys=held[page.offset : page.offset + page.limit])

    def get_key(self, call: Call, request: api.GetKeyRequest) -> api.SingleKeyResponse:
        key = self._key(call)
        if request.key_id != key.id:
            missing("key", request.key_id)
        return api.SingleKeyResponse(key=key)

    def _key(self, call: Call) -> Key:
        """The caller's only key; nobody sees anybody else's."""
        if not call.is_owner:
            raise Refusal(codes.CONN_INSUFFICIENT_SCOPES, f"the keys of {call.scope.user} are not yours")
        return Key(
            id=self.platform.accounts[call.caller], type="personal_access_token", description=call.caller, scopes=SCOPES
        )
