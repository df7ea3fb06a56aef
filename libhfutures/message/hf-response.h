/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "hf-headers.h"
#include "hf-link.h"
#include "hf-metrics.h"
#include "hf-request.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_RESPONSE (hf_response_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfResponse, hf_response, HF, RESPONSE, GObject)

HF_AVAILABLE_IN_1_0
guint       hf_response_get_status   (HfResponse  *self);
HF_AVAILABLE_IN_1_0
const char *hf_response_get_reason   (HfResponse  *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_get_ok       (HfResponse  *self);
HF_AVAILABLE_IN_1_0
const char *hf_response_get_uri      (HfResponse  *self);
HF_AVAILABLE_IN_1_0
HfHeaders  *hf_response_get_headers  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
char       *hf_response_get_header   (HfResponse  *self,
                                      const char  *name);
HF_AVAILABLE_IN_1_0
GBytes     *hf_response_get_bytes    (HfResponse  *self);
HF_AVAILABLE_IN_1_0
GInputStream *hf_response_get_stream (HfResponse  *self);
HF_AVAILABLE_IN_1_0
GDataInputStream *hf_response_read_lines
                                     (HfResponse  *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_is_loaded    (HfResponse  *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_load         (HfResponse  *self,
                                      GCancellable *cancellable,
                                      GError     **error);
HF_AVAILABLE_IN_1_0
void        hf_response_load_async   (HfResponse  *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer     user_data);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_load_finish  (HfResponse  *self,
                                      GAsyncResult *result,
                                      GError     **error);
HF_AVAILABLE_IN_1_0
void        hf_response_close        (HfResponse  *self);
HF_AVAILABLE_IN_1_0
const char *hf_response_get_encoding (HfResponse  *self);
HF_AVAILABLE_IN_1_0
const char *hf_response_get_apparent_encoding
                                     (HfResponse  *self);
HF_AVAILABLE_IN_1_0
char       *hf_response_get_text     (HfResponse  *self,
                                      GError     **error);
HF_AVAILABLE_IN_1_0
char       *hf_response_decode       (HfResponse  *self,
                                      const char  *encoding,
                                      GError     **error);
HF_AVAILABLE_IN_1_0
JsonNode   *hf_response_get_json     (HfResponse  *self,
                                      GError     **error);
HF_AVAILABLE_IN_1_0
GPtrArray  *hf_response_get_history  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
GPtrArray  *hf_response_get_links    (HfResponse  *self);
HF_AVAILABLE_IN_1_0
GPtrArray  *hf_response_get_cookies  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_is_redirect  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_is_permanent_redirect
                                     (HfResponse  *self);
HF_AVAILABLE_IN_1_0
HfRequest  *hf_response_get_next     (HfResponse  *self);
HF_AVAILABLE_IN_1_0
double      hf_response_get_elapsed  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
HfMetrics  *hf_response_get_metrics  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
SoupHTTPVersion
            hf_response_get_http_version
                                     (HfResponse  *self);
HF_AVAILABLE_IN_1_0
GTlsCertificate *
            hf_response_get_tls_certificate
                                     (HfResponse  *self);
HF_AVAILABLE_IN_1_0
HfRequest  *hf_response_get_request  (HfResponse  *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_response_check_status (HfResponse  *self,
                                      GError     **error);

HF_AVAILABLE_IN_1_0
GVariant        *hf_response_dup_attached         (HfResponse     *self,
                                                   const char     *name);
HF_AVAILABLE_IN_1_0
char           **hf_response_list_attached        (HfResponse     *self);

G_END_DECLS
