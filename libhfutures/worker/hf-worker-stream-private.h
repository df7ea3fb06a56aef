/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-transport-private.h"

G_BEGIN_DECLS

/* For those who read a stream, on its thread. */
extern const HfHopObserver hf_worker_stream_observer;

gboolean hf_worker_stream_begin (GInputStream *stream,
                                 gint64        announced,
                                 int          *end);

G_END_DECLS
