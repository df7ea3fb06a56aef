/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-process-pool-private.h"
#include "hf-soup-transport-private.h"

G_BEGIN_DECLS

/* By so many seconds what happens in a worker is known later. */
#define HF_PROCESS_DELAY 0.01

/*
 * HfProcessTransport:
 *
 * Has each hop sent by a worker process, so what a server answers is only read there. What a
 * session does between the hops is done here.
 */
#define HF_TYPE_PROCESS_TRANSPORT (hf_process_transport_get_type ())
G_DECLARE_FINAL_TYPE (HfProcessTransport, hf_process_transport, HF, PROCESS_TRANSPORT, GObject)

HfConnectionConfig *hf_process_transport_ref_config
                                      (HfProcessTransport *self,
                                       HfHop           *hop);
HfConnectionConfig *hf_process_transport_ref_session_config
                                      (HfProcessTransport *self);
GVariant *hf_process_transport_call_hooks
                                      (HfProcessTransport *self,
                                       const HfFrame   *job,
                                       GCancellable    *cancellable,
                                       GError         **error);
HfTransport *hf_process_transport_new (HfSoupTransport *soup,
                                       HfProcessPool   *pool);

G_END_DECLS
