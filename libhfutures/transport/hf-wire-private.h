/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-channel-private.h"
#include "hf-connection-config-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

/*
 * What goes between this process and its workers, besides HF_FRAME_HELLO. Everything that comes is
 * looked at as if an enemy had sent it.
 */
enum {
  HF_FRAME_JOB = 2,     /* to the worker: send this hop */
  HF_FRAME_CANCEL,      /* to the worker: stop that */
  HF_FRAME_INTERIM,     /* to the worker: whether there will be another answer */
  HF_FRAME_STARTED,     /* to the parent: the job has been begun */
  HF_FRAME_EVENT,       /* to the parent: how far it has come */
  HF_FRAME_ASK_INTERIM, /* to the parent: will there be another answer after this one? */
  HF_FRAME_RESPONSE,    /* to the parent, at the end */
  HF_FRAME_FAILED,      /* to the parent, at the end */
  HF_FRAME_DATA,        /* of a stream, to the parent: some of it */
  HF_FRAME_END,         /* of a stream, to the parent: the end, or why there is no more */
  HF_FRAME_HOOKS,       /* to the worker: call these hooks */
  HF_FRAME_OUTCOME,     /* to the parent, at the end: what they have made of the response */
};

/* What is larger goes as sealed bytes. */
#define HF_WIRE_MOST_INLINE (64 * 1024)

GVariant *hf_wire_pack_headers     (HfHeaders           *headers);
HfHeaders *hf_wire_unpack_headers  (GVariant            *values);

gboolean  hf_wire_check_config     (HfConnectionConfig  *config,
                                    GError             **error);
GVariant *hf_wire_pack_config      (HfConnectionConfig  *config,
                                    GUri                *uri,
                                    GCancellable        *cancellable,
                                    GError             **error);
HfConnectionConfig *hf_wire_unpack_config
                                   (GVariant            *packed,
                                    GError             **error);

gboolean  hf_wire_check_body       (HfBody              *body,
                                    GError             **error);
gboolean  hf_wire_pack_body        (HfBody              *body,
                                    GVariantDict        *values,
                                    int                 *fd,
                                    GError             **error);
gboolean  hf_wire_unpack_body      (HfFrame             *frame,
                                    HfBody             **body,
                                    GError             **error);

GVariant *hf_wire_pack_error       (const GError        *error);
GError   *hf_wire_unpack_error     (GVariant            *values);

GVariant *hf_wire_pack_event       (HfHop               *hop);
void      hf_wire_unpack_event     (GVariant            *values,
                                    HfHop               *hop);

G_END_DECLS
