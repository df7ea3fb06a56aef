// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors
//
// Response hooks. Part of the override of Hf.

const {toFunction} = imports.overrides.HfArguments;
const {define} = imports.overrides.HfMembers;
const {getValue, isPromise, setError, setValue} = imports.overrides.HfOutcomes;

function extendHookCall(prototype) {
    const {get_value, set_value, fail} = prototype;

    function getFuture(call) {
        const future = call.get_future();
        if (future === null)
            throw new Error('The hook has returned; its call is over');
        return future;
    }

    define(prototype, {
        set_value(value) {
            setValue(this, set_value, getFuture(this), value);
        },

        get_value() {
            const future = this.get_future();
            return future === null ? null : getValue(future, get_value.call(this));
        },

        fail(error) {
            setError(this, fail, getFuture(this), error);
        },
    });
}

function extendHooked(prototype) {
    const {add_named_response_hook, add_response_hook_in_context} = prototype;

    function addResponseHook(hook) {
        toFunction('hook', hook);
        // GJS frees the closure with the wrapper of what it was added to. That stays as long as C
        // has the object; and until the future has settled, C has the session and the request.
        return add_response_hook_in_context.call(this, borrowed => {
            // GJS keeps no reference to it, and a hook may keep it.
            const call = borrowed.ref();
            try {
                hook(call);
            } catch (error) {
                call.fail(error);
            }
        });
    }

    // What C offers under the first name would call on a worker.
    define(prototype, {
        add_response_hook: addResponseHook,
        add_response_hook_in_context: addResponseHook,

        add_named_response_hook(name, parameters = null) {
            return add_named_response_hook.call(this, name, parameters);
        },
    });
}

// What a hook returns replaces the response, at once or when the promise of it is kept.
function replaceBy(call, given) {
    if (isPromise(given) && given !== call.get_future()) {
        const kept = getValue(call.get_future(), call.get_value() ?? call.get_response());
        given = Promise.resolve(given).then(late => late === undefined ? kept : late);
    }
    if (given !== undefined)
        call.set_value(given);
}

function addHook(request, hook) {
    request.add_response_hook_in_context(
        call => replaceBy(call, hook(call.get_response(), call.get_session())));
}

function extendHooks(Hf) {
    extendHookCall(Hf.HookCall.prototype);
    extendHooked(Hf.FuturesSession.prototype);
    extendHooked(Hf.Request.prototype);
}
