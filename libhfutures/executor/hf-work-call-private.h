/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-work-call.h"

G_BEGIN_DECLS

gboolean hf_work_call_run (HfWorkFunc     func,
                           gpointer       user_data,
                           GCancellable  *cancellable,
                           GValue        *value,
                           GError       **error);

G_END_DECLS
