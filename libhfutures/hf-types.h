/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

#include "hf-version-macros.h"

G_BEGIN_DECLS

typedef struct _HfAuth HfAuth;
typedef struct _HfAuthCall HfAuthCall;
typedef struct _HfBody HfBody;
typedef struct _HfCompletionQueue HfCompletionQueue;
typedef struct _HfExecutor HfExecutor;
typedef struct _HfFuture HfFuture;
typedef struct _HfFuturesSession HfFuturesSession;
typedef struct _HfHeaders HfHeaders;
typedef struct _HfHookCall HfHookCall;
typedef struct _HfMultipart HfMultipart;
typedef struct _HfProcessPoolExecutor HfProcessPoolExecutor;
typedef struct _HfProxyRules HfProxyRules;
typedef struct _HfMockCall HfMockCall;
typedef struct _HfMockTransport HfMockTransport;
typedef struct _HfRequest HfRequest;
typedef struct _HfResponse HfResponse;
typedef struct _HfLink HfLink;
typedef struct _HfLoopExecutor HfLoopExecutor;
typedef struct _HfMetrics HfMetrics;
typedef struct _HfThreadPoolExecutor HfThreadPoolExecutor;
typedef struct _HfWorkCall HfWorkCall;

/**
 * HfAuthFunc:
 * @call: what the function may read and set; of use only until the function returns
 * @user_data: the data given to [ctor@Auth.new_for_func]
 *
 * Says who sends a request, with [method@AuthCall.set_authorization], or makes its future fail with
 * [method@AuthCall.fail].
 *
 * It runs where the request is sent: on a worker, and there possibly on several at the same time,
 * or on the loop of a loop executor, where it must not block.
 *
 * Since: 1.0
 */
typedef void (*HfAuthFunc) (HfAuthCall *call,
                            gpointer    user_data);

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

/**
 * HfNamedHookFunc:
 * @name: the name of a response hook
 * @parameters: (nullable): what the hook is to be given
 * @call: what the hook may read and set; of use only until the function returns
 * @user_data: the data given to [func@Hf.worker_run_with_hooks]
 *
 * Calls the response hook of a name in a worker process, or makes the future fail with
 * [method@HookCall.fail] when there is none.
 *
 * It runs on a thread of its own, one call at a time.
 *
 * Since: 1.0
 */
typedef void (*HfNamedHookFunc) (const char *name,
                                 GVariant   *parameters,
                                 HfHookCall *call,
                                 gpointer    user_data);

/**
 * HfWorkFunc:
 * @call: what the function may read and set; of use only until the function returns
 * @user_data: the data given when the function was submitted
 *
 * Does work of the application's own in an executor; see [method@Executor.submit].
 *
 * It may give its future a value with [method@WorkCall.set_value], or make it fail with
 * [method@WorkCall.fail].
 *
 * It runs on a worker, or, of a loop executor, on one of the threads besides the loops on which
 * response hooks run, and may block there. With [property@LoopExecutor:context] it runs in that
 * context.
 *
 * Since: 1.0
 */
typedef void (*HfWorkFunc) (HfWorkCall *call,
                            gpointer    user_data);

/**
 * HfMockFunc:
 * @call: the request, and the ways to answer it; who takes a reference may answer later
 * @user_data: the data given when the transport was made
 *
 * Answers a request instead of a server, with [method@MockCall.respond] or
 * [method@MockCall.fail]; see [class@MockTransport].
 *
 * It is called where the request is sent, or, of a transport that was made with
 * [ctor@MockTransport.new_in_context], in the [struct@GLib.MainContext] that was thread-default
 * then.
 *
 * Since: 1.0
 */
typedef void (*HfMockFunc) (HfMockCall *call,
                            gpointer    user_data);

G_END_DECLS
