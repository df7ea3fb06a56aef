/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * HfLoop:
 *
 * One main context in which jobs are begun: on a thread of its own, or iterated by the user.
 */
typedef struct _HfLoop HfLoop;

HfLoop       *hf_loop_new         (GMainContext    *context,
                                   GDestroyNotify   spend);
void          hf_loop_quit        (HfLoop          *self);
gboolean      hf_loop_start       (HfLoop          *self,
                                   GError         **error);
void          hf_loop_give_token  (HfLoop          *self,
                                   gpointer         token);

G_END_DECLS
