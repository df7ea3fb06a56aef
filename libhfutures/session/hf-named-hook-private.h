/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-hook-call.h"

G_BEGIN_DECLS

void hf_named_hook_run (const char *name,
                        GVariant   *parameters,
                        HfHookCall *call,
                        gpointer    user_data);

G_END_DECLS
