/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-enums.h"
#include "hf-executor.h"
#include "hf-future.h"
#include "hf-mock-transport.h"
#include "hf-request.h"

G_BEGIN_DECLS

#define HF_TYPE_FUTURES_SESSION (hf_futures_session_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (HfFuturesSession, hf_futures_session, HF, FUTURES_SESSION, GObject)

/**
 * HfFuturesSessionClass:
 * @parent_class: the parent class
 * @send: submits a request; every way of submitting one but
 *   [method@FuturesSession.send_message] goes through it
 *
 * The class of sessions.
 *
 * Since: 1.0
 */
struct _HfFuturesSessionClass {
  GObjectClass parent_class;

  /**
   * HfFuturesSessionClass::send:
   * @self: a session
   * @request: the request
   *
   * Submits a request.
   *
   * Returns: (transfer full): the future of its response
   *
   * Since: 1.0
   */
  HfFuture *(*send) (HfFuturesSession *self,
                     HfRequest        *request);

  /*< private >*/
  gpointer padding[8];
};

HF_AVAILABLE_IN_1_0
HfFuturesSession *hf_futures_session_new                  (void);
HF_AVAILABLE_IN_1_0
HfFuturesSession *hf_futures_session_new_with_max_workers (guint                max_workers);
HF_AVAILABLE_IN_1_0
HfFuturesSession *hf_futures_session_new_with_executor    (HfExecutor          *executor);
HF_AVAILABLE_IN_1_0
HfFuturesSession *hf_futures_session_new_for_soup_session (SoupSession         *soup_session);
HF_AVAILABLE_IN_1_0
HfFuturesSession *hf_futures_session_new_with_options     (const char          *first_property_name,
                                                           ...) G_GNUC_NULL_TERMINATED;

HF_AVAILABLE_IN_1_0
HfExecutor       *hf_futures_session_get_executor         (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
guint             hf_futures_session_get_max_workers      (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
SoupSession      *hf_futures_session_get_soup_session     (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
SoupCookieJar    *hf_futures_session_get_cookie_jar       (HfFuturesSession    *self);

HF_AVAILABLE_IN_1_0
double            hf_futures_session_get_connect_timeout  (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_connect_timeout  (HfFuturesSession    *self,
                                                           double               connect_timeout);
HF_AVAILABLE_IN_1_0
double            hf_futures_session_get_read_timeout     (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_read_timeout     (HfFuturesSession    *self,
                                                           double               read_timeout);
HF_AVAILABLE_IN_1_0
double            hf_futures_session_get_deadline         (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_deadline         (HfFuturesSession    *self,
                                                           double               deadline);
HF_AVAILABLE_IN_1_0
guint64           hf_futures_session_get_max_body_size    (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_max_body_size    (HfFuturesSession    *self,
                                                           guint64              max_body_size);
HF_AVAILABLE_IN_1_0
guint             hf_futures_session_get_max_decompression_ratio
                                                          (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_max_decompression_ratio
                                                          (HfFuturesSession    *self,
                                                           guint                ratio);
HF_AVAILABLE_IN_1_0
HfHttpVersion     hf_futures_session_get_http_version     (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_http_version     (HfFuturesSession    *self,
                                                           HfHttpVersion        http_version);

HF_AVAILABLE_IN_1_0
char             *hf_futures_session_dup_base_uri         (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_base_uri         (HfFuturesSession    *self,
                                                           const char          *base_uri);
HF_AVAILABLE_IN_1_0
char             *hf_futures_session_dup_user_agent       (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_user_agent       (HfFuturesSession    *self,
                                                           const char          *user_agent);
HF_AVAILABLE_IN_1_0
HfHeaders        *hf_futures_session_dup_headers          (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_headers          (HfFuturesSession    *self,
                                                           HfHeaders           *headers);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_header           (HfFuturesSession    *self,
                                                           const char          *name,
                                                           const char          *value);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_append_header        (HfFuturesSession    *self,
                                                           const char          *name,
                                                           const char          *value);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_remove_header        (HfFuturesSession    *self,
                                                           const char          *name);
HF_AVAILABLE_IN_1_0
char            **hf_futures_session_dup_params           (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_params           (HfFuturesSession    *self,
                                                           const char *const   *params);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_append_param         (HfFuturesSession    *self,
                                                           const char          *name,
                                                           const char          *value);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_remove_param         (HfFuturesSession    *self,
                                                           const char          *name);
HF_AVAILABLE_IN_1_0
HfAuth           *hf_futures_session_dup_auth             (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_auth             (HfFuturesSession    *self,
                                                           HfAuth              *auth);
HF_AVAILABLE_IN_1_0
gboolean          hf_futures_session_get_follow_redirects (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_follow_redirects (HfFuturesSession    *self,
                                                           gboolean             follow_redirects);
HF_AVAILABLE_IN_1_0
guint             hf_futures_session_get_max_redirects    (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_max_redirects    (HfFuturesSession    *self,
                                                           guint                max_redirects);
HF_AVAILABLE_IN_1_0
gboolean          hf_futures_session_get_raise_for_status (HfFuturesSession    *self);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_set_raise_for_status (HfFuturesSession    *self,
                                                           gboolean             raise_for_status);

HF_AVAILABLE_IN_1_0
gboolean          hf_futures_session_mount                (HfFuturesSession    *self,
                                                           const char          *prefix,
                                                           HfMockTransport     *transport,
                                                           GError             **error);
HF_AVAILABLE_IN_1_0
gboolean          hf_futures_session_unmount              (HfFuturesSession    *self,
                                                           const char          *prefix);

HF_AVAILABLE_IN_1_0
guint             hf_futures_session_add_response_hook    (HfFuturesSession    *self,
                                                           HfResponseHook       hook,
                                                           gpointer             user_data,
                                                           GDestroyNotify       destroy);
HF_AVAILABLE_IN_1_0
guint             hf_futures_session_add_response_hook_in_context
                                                          (HfFuturesSession    *self,
                                                           HfResponseHook       hook,
                                                           gpointer             user_data,
                                                           GDestroyNotify       destroy);
HF_AVAILABLE_IN_1_0
guint             hf_futures_session_add_named_response_hook
                                                          (HfFuturesSession    *self,
                                                           const char          *name,
                                                           GVariant            *parameters);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_remove_response_hook (HfFuturesSession    *self,
                                                           guint                id);

HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_get                  (HfFuturesSession    *self,
                                                           const char          *uri);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_head                 (HfFuturesSession    *self,
                                                           const char          *uri);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_options              (HfFuturesSession    *self,
                                                           const char          *uri);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_delete               (HfFuturesSession    *self,
                                                           const char          *uri);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_post                 (HfFuturesSession    *self,
                                                           const char          *uri,
                                                           HfBody              *body);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_put                  (HfFuturesSession    *self,
                                                           const char          *uri,
                                                           HfBody              *body);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_patch                (HfFuturesSession    *self,
                                                           const char          *uri,
                                                           HfBody              *body);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_request              (HfFuturesSession    *self,
                                                           const char          *method,
                                                           const char          *uri,
                                                           HfBody              *body);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_send                 (HfFuturesSession    *self,
                                                           HfRequest           *request);
HF_AVAILABLE_IN_1_0
HfFuture         *hf_futures_session_send_message         (HfFuturesSession    *self,
                                                           SoupMessage         *message);

HF_AVAILABLE_IN_1_0
void              hf_futures_session_close                (HfFuturesSession    *self,
                                                           HfCloseFlags         flags);
HF_AVAILABLE_IN_1_0
gboolean          hf_futures_session_close_until          (HfFuturesSession    *self,
                                                           HfCloseFlags         flags,
                                                           gint64               timeout_us);
HF_AVAILABLE_IN_1_0
void              hf_futures_session_close_async          (HfFuturesSession    *self,
                                                           HfCloseFlags         flags,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
HF_AVAILABLE_IN_1_0
gboolean          hf_futures_session_close_finish         (HfFuturesSession    *self,
                                                           GAsyncResult        *result,
                                                           GError             **error);

G_END_DECLS
