/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define HF_TYPE_TLS_INTERACTION (hf_tls_interaction_get_type ())
G_DECLARE_FINAL_TYPE (HfTlsInteraction, hf_tls_interaction, HF, TLS_INTERACTION, GTlsInteraction)

GTlsInteraction *hf_tls_interaction_new (GTlsCertificate *certificate);

gboolean         hf_tls_peer_is_trusted (GTlsConnection  *connection);
gboolean         hf_tls_is_left_to_user (SoupMessage     *message);

G_END_DECLS
