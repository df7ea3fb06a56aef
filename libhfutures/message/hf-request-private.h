/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-headers-private.h"
#include "hf-hook-private.h"
#include "hf-request.h"

G_BEGIN_DECLS

typedef enum {
  REQUEST_SETTING_CONNECT_TIMEOUT,
  REQUEST_SETTING_READ_TIMEOUT,
  REQUEST_SETTING_DEADLINE,
  REQUEST_SETTING_FOLLOW_REDIRECTS,
  REQUEST_SETTING_MAX_REDIRECTS,
  REQUEST_SETTING_MAX_BODY_SIZE,
  REQUEST_SETTING_PRIORITY,
  REQUEST_SETTING_CANCELLABLE,
  REQUEST_SETTING_PROXY_RESOLVER,
  REQUEST_SETTING_TLS_DATABASE,
  REQUEST_SETTING_TLS_CERTIFICATE,
  REQUEST_SETTING_TLS_INSECURE,
  REQUEST_SETTING_AUTH,
  REQUEST_SETTING_RAISE_FOR_STATUS,
  REQUEST_SETTING_STREAM,
  REQUEST_SETTING_DESTINATION,
  REQUEST_SETTING_MAX_DECOMPRESSION_RATIO,
  REQUEST_SETTING_REDIRECTS_KEEP_BODY,
  N_REQUEST_SETTINGS
} HfRequestSetting;

/*
 * HfRequestData:
 *
 * What a request says. Shared between a request, what was submitted of it and what responses show,
 * and copied by whoever wants to change it while others have it.
 */
typedef struct {
  gatomicrefcount ref_count;

  const char *method;  /* interned */
  GRefString *uri;     /* owned; as the user gave it */
  HfHeaders *headers;  /* owned; copied before a change when somebody else has it */
  HfBody *body;        /* owned, nullable */
  GPtrArray *cookies;  /* owned, nullable; see hf-cookies-private.h */

  double connect_timeout;
  double read_timeout;
  double deadline;
  gboolean follow_redirects;
  guint max_redirects;
  gboolean redirects_keep_body;
  guint64 max_body_size;
  int priority;
  GCancellable *cancellable; /* owned, nullable */
  GProxyResolver *proxy_resolver; /* owned, nullable */
  GTlsDatabase *tls_database; /* owned, nullable */
  GTlsCertificate *tls_certificate; /* owned, nullable */
  gboolean tls_insecure;
  HfAuth *auth;        /* owned, nullable */
  gboolean raise_for_status;

  /* What a session's defaults must know. */
  gboolean complete;             /* it has them already */
  gboolean follow_redirects_set; /* be it to what it is anyhow */
  gboolean max_redirects_set;
  gboolean raise_for_status_set;
  GRefString *bare_uri;        /* owned, nullable: the URI before parameters were appended */
  GPtrArray *params;           /* owned, nullable; of char *: those that were, name, value, … */
  GPtrArray *omitted_headers;  /* owned, nullable; of char * */
  GPtrArray *omitted_params;   /* owned, nullable; of char * */
  gboolean stream;
  GObject *destination; /* owned, nullable: a GFile or a GOutputStream */
  guint max_decompression_ratio;
} HfRequestData;

struct _HfRequest {
  GObject parent_instance;

  gboolean frozen;     /* set once, before the request is seen by another thread */
  HfRequestData *data; /* owned; written through hf_request_write() */
  GPtrArray *hooks;    /* owned, nullable; of HfHook */
};

HfRequestData *hf_request_data_new   (void);
HfRequestData *hf_request_data_new_for (const char    *method,
                                        const char    *uri,
                                        HfBody        *body);
HfRequestData *hf_request_data_copy  (HfRequestData *self);
HfRequestData *hf_request_data_ref   (HfRequestData *self);
void           hf_request_data_unref (HfRequestData *self);
void           hf_request_data_set_uri (HfRequestData *self,
                                        const char    *uri);
void           hf_request_data_omit  (GPtrArray    **names,
                                      const char    *name);

HfRequest     *hf_request_new_for_data (HfRequestData *data);
HfRequest     *hf_request_new_frozen (HfRequestData *data);
HfRequestData *hf_request_write      (HfRequest     *self);

/* For setters: compares, stores and notifies. */
#define HF_REQUEST_CHANGE(setting, field, value)   \
  G_STMT_START                                     \
  {                                                \
    g_return_if_fail (HF_IS_REQUEST (self));       \
    g_return_if_fail (!self->frozen);              \
    if (self->data->field != (value))              \
      {                                            \
        hf_request_write (self)->field = (value);  \
        hf_request_notify_setting (self, setting); \
      }                                            \
  }                                                \
  G_STMT_END

#define HF_REQUEST_CHANGE_OBJECT(setting, field, value) \
  G_STMT_START                                          \
  {                                                     \
    g_return_if_fail (HF_IS_REQUEST (self));            \
    g_return_if_fail (!self->frozen);                   \
    if (self->data->field != (value))                   \
      {                                                 \
        HfRequestData *data = hf_request_write (self);  \
                                                        \
        g_set_object (&data->field, (value));           \
        hf_request_notify_setting (self, setting);      \
      }                                                 \
  }                                                     \
  G_STMT_END

void       hf_request_install_settings (GObjectClass *object_class,
                                        guint         first_id);
void       hf_request_notify_setting   (HfRequest    *self,
                                        HfRequestSetting setting);
void       hf_request_get_setting      (HfRequest    *self,
                                        guint         setting,
                                        GValue       *value);
void       hf_request_set_setting      (HfRequest    *self,
                                        guint         setting,
                                        const GValue *value);

G_END_DECLS
