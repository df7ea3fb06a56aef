/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

#include "hf-version-macros.h"

G_BEGIN_DECLS

typedef struct _HfBody HfBody;
typedef struct _HfCompletionQueue HfCompletionQueue;
typedef struct _HfExecutor HfExecutor;
typedef struct _HfFuture HfFuture;
typedef struct _HfFuturesSession HfFuturesSession;
typedef struct _HfHeaders HfHeaders;
typedef struct _HfHookCall HfHookCall;
typedef struct _HfRequest HfRequest;
typedef struct _HfResponse HfResponse;
typedef struct _HfLoopExecutor HfLoopExecutor;
typedef struct _HfThreadPoolExecutor HfThreadPoolExecutor;

/**
 * HfResponseHook:
 * @call: what the hook may read and set; of use only until the hook returns
 * @user_data: the data given when the hook was added
 *
 * Looks at a response before its future settles.
 *
 * A hook sees the session and the response, may put another value in the response's place with
 * [method@HookCall.set_value], or make the future fail with [method@HookCall.fail].
 *
 * A hook that was added with a function named `…_hook` runs on the worker that sent the request;
 * one added with `…_hook_in_context` runs in the [struct@GLib.MainContext] that was
 * thread-default where it was added.
 *
 * Since: 1.0
 */
typedef void (*HfResponseHook) (HfHookCall *call,
                                gpointer    user_data);

G_END_DECLS
