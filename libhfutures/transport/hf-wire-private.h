/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-channel-private.h"
#include "hf-connection-config-private.h"
#include "hf-sealed-bytes-private.h"
#include "hf-shared-status-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

/* What is larger goes as sealed bytes. */
#define HF_WIRE_MOST_INLINE HF_SEALED_LEAST

/* So many bytes of fields may come from a worker; libsoup takes 100 KiB of a server, and what is no
 * UTF-8 becomes up to three times as long. */
#define HF_WIRE_MOST_HEADERS (512 * 1024)

gboolean  hf_wire_pack_bytes       (GBytes              *bytes,
                                    HfFrame             *frame,
                                    guint64             *n_sealed,
                                    GError             **error);
GBytes   *hf_wire_unpack_bytes     (HfFrame             *frame,
                                    guint64              n_sealed,
                                    GError             **error);

char     *hf_wire_pack_headers     (HfHeaders           *headers);
HfHeaders *hf_wire_unpack_headers  (const char          *packed);

gboolean  hf_wire_check_config     (HfConnectionConfig  *config,
                                    GError             **error);
GVariant *hf_wire_pack_config      (HfConnectionConfig  *config,
                                    guint64              proxies,
                                    GError             **error);
HfConnectionConfig *hf_wire_unpack_config
                                   (GVariant            *packed,
                                    GError             **error);

gboolean  hf_wire_check_body       (HfBody              *body,
                                    GError             **error);
GVariant *hf_wire_pack_body        (HfBody              *body,
                                    HfFrame             *frame,
                                    GError             **error);
gboolean  hf_wire_unpack_body      (GVariant            *packed,
                                    HfFrame             *frame,
                                    HfBody             **body,
                                    GError             **error);

GVariant *hf_wire_pack_error       (const GError        *error);
GError   *hf_wire_unpack_error     (GVariant            *values);

void      hf_wire_write_status     (HfSharedStatus      *status,
                                    HfHop               *hop);
void      hf_wire_read_status      (HfSharedStatus      *status,
                                    HfHop               *hop);
void      hf_wire_unpack_progress  (GVariant            *values,
                                    HfHop               *hop);

G_END_DECLS
