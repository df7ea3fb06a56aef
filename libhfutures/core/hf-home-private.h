/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * HfHome:
 *
 * A main context of the user's in which work is done, and the thread that is expected to iterate
 * it. That thread must not wait for this work.
 */
typedef struct _HfHome HfHome;

HfHome       *hf_home_new         (GMainContext *context);
HfHome       *hf_home_ref         (HfHome       *self);
void          hf_home_unref       (HfHome       *self);
GMainContext *hf_home_get_context (HfHome       *self);
gboolean      hf_home_is_here     (HfHome       *self);

G_END_DECLS
