/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-hook-call.h"
#include "hf-hook-private.h"

G_BEGIN_DECLS

gboolean hf_hook_call_run (HfHook            *hook,
                           HfFuture          *future,
                           HfFuturesSession  *session,
                           HfResponse        *response,
                           GValue            *value,
                           GError           **error);

typedef HfFuturesSession *(*HfSessionMaker) (gpointer data);

gboolean hf_hook_call_run_named (const char       *name,
                                 GVariant         *parameters,
                                 HfNamedHookFunc   func,
                                 gpointer          func_data,
                                 HfSessionMaker    maker,
                                 gpointer          maker_data,
                                 HfResponse       *response,
                                 GValue           *value,
                                 GError          **error);

G_END_DECLS
