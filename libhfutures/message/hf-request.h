/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-auth.h"
#include "hf-body.h"
#include "hf-headers.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_REQUEST (hf_request_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfRequest, hf_request, HF, REQUEST, GObject)

HF_AVAILABLE_IN_1_0
HfRequest       *hf_request_new                          (const char      *method,
                                                          const char      *uri);
HF_AVAILABLE_IN_1_0
HfRequest       *hf_request_new_with_options             (const char      *method,
                                                          const char      *uri,
                                                          const char      *first_property_name,
                                                          ...) G_GNUC_NULL_TERMINATED;
HF_AVAILABLE_IN_1_0
HfRequest       *hf_request_copy                         (HfRequest       *self);

HF_AVAILABLE_IN_1_0
const char      *hf_request_get_method                   (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_method                   (HfRequest       *self,
                                                          const char      *method);
HF_AVAILABLE_IN_1_0
const char      *hf_request_get_uri                      (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_uri                      (HfRequest       *self,
                                                          const char      *uri);
HF_AVAILABLE_IN_1_0
void             hf_request_append_param                 (HfRequest       *self,
                                                          const char      *name,
                                                          const char      *value);
HF_AVAILABLE_IN_1_0
void             hf_request_omit_param                   (HfRequest       *self,
                                                          const char      *name);
HF_AVAILABLE_IN_1_0
HfBody          *hf_request_get_body                     (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_body                     (HfRequest       *self,
                                                          HfBody          *body);

HF_AVAILABLE_IN_1_0
HfHeaders       *hf_request_get_headers                  (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_header                   (HfRequest       *self,
                                                          const char      *name,
                                                          const char      *value);
HF_AVAILABLE_IN_1_0
void             hf_request_append_header                (HfRequest       *self,
                                                          const char      *name,
                                                          const char      *value);
HF_AVAILABLE_IN_1_0
void             hf_request_remove_header                (HfRequest       *self,
                                                          const char      *name);
HF_AVAILABLE_IN_1_0
void             hf_request_omit_header                  (HfRequest       *self,
                                                          const char      *name);

HF_AVAILABLE_IN_1_0
const char      *hf_request_get_cookie                   (HfRequest       *self,
                                                          const char      *name);
HF_AVAILABLE_IN_1_0
void             hf_request_set_cookie                   (HfRequest       *self,
                                                          const char      *name,
                                                          const char      *value);
HF_AVAILABLE_IN_1_0
void             hf_request_remove_cookie                (HfRequest       *self,
                                                          const char      *name);

HF_AVAILABLE_IN_1_0
guint            hf_request_add_response_hook            (HfRequest       *self,
                                                          HfResponseHook   hook,
                                                          gpointer         user_data,
                                                          GDestroyNotify   destroy);
HF_AVAILABLE_IN_1_0
guint            hf_request_add_response_hook_in_context (HfRequest       *self,
                                                          HfResponseHook   hook,
                                                          gpointer         user_data,
                                                          GDestroyNotify   destroy);
HF_AVAILABLE_IN_1_0
guint            hf_request_add_named_response_hook      (HfRequest       *self,
                                                          const char      *name,
                                                          GVariant        *parameters);
HF_AVAILABLE_IN_1_0
void             hf_request_remove_response_hook         (HfRequest       *self,
                                                          guint            id);

HF_AVAILABLE_IN_1_0
double           hf_request_get_connect_timeout          (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_connect_timeout          (HfRequest       *self,
                                                          double           connect_timeout);
HF_AVAILABLE_IN_1_0
double           hf_request_get_read_timeout             (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_read_timeout             (HfRequest       *self,
                                                          double           read_timeout);
HF_AVAILABLE_IN_1_0
double           hf_request_get_deadline                 (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_deadline                 (HfRequest       *self,
                                                          double           deadline);
HF_AVAILABLE_IN_1_0
gboolean         hf_request_get_follow_redirects         (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_follow_redirects         (HfRequest       *self,
                                                          gboolean         follow_redirects);
HF_AVAILABLE_IN_1_0
gboolean         hf_request_get_redirects_keep_body      (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_redirects_keep_body      (HfRequest       *self,
                                                          gboolean         redirects_keep_body);
HF_AVAILABLE_IN_1_0
guint            hf_request_get_max_redirects            (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_max_redirects            (HfRequest       *self,
                                                          guint            max_redirects);
HF_AVAILABLE_IN_1_0
gboolean         hf_request_get_raise_for_status         (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_raise_for_status         (HfRequest       *self,
                                                          gboolean         raise_for_status);
HF_AVAILABLE_IN_1_0
guint64          hf_request_get_max_body_size            (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_max_body_size            (HfRequest       *self,
                                                          guint64          max_body_size);
HF_AVAILABLE_IN_1_0
int              hf_request_get_priority                 (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_priority                 (HfRequest       *self,
                                                          int              priority);
HF_AVAILABLE_IN_1_0
GCancellable    *hf_request_get_cancellable              (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_cancellable              (HfRequest       *self,
                                                          GCancellable    *cancellable);
HF_AVAILABLE_IN_1_0
HfAuth          *hf_request_get_auth                     (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_auth                     (HfRequest       *self,
                                                          HfAuth          *auth);
HF_AVAILABLE_IN_1_0
GProxyResolver  *hf_request_get_proxy_resolver           (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_proxy_resolver           (HfRequest       *self,
                                                          GProxyResolver  *proxy_resolver);
HF_AVAILABLE_IN_1_0
GTlsDatabase    *hf_request_get_tls_database             (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_tls_database             (HfRequest       *self,
                                                          GTlsDatabase    *tls_database);
HF_AVAILABLE_IN_1_0
GTlsCertificate *hf_request_get_tls_certificate          (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_tls_certificate          (HfRequest       *self,
                                                          GTlsCertificate *tls_certificate);
HF_AVAILABLE_IN_1_0
gboolean         hf_request_get_tls_insecure             (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_tls_insecure             (HfRequest       *self,
                                                          gboolean         tls_insecure);
HF_AVAILABLE_IN_1_0
gboolean         hf_request_get_stream                   (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_stream                   (HfRequest       *self,
                                                          gboolean         stream);
HF_AVAILABLE_IN_1_0
GObject         *hf_request_get_destination              (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_destination              (HfRequest       *self,
                                                          GObject         *destination);
HF_AVAILABLE_IN_1_0
guint            hf_request_get_max_decompression_ratio  (HfRequest       *self);
HF_AVAILABLE_IN_1_0
void             hf_request_set_max_decompression_ratio  (HfRequest       *self,
                                                          guint            max_decompression_ratio);

G_END_DECLS
