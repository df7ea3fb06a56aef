/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor-private.h"
#include "hf-futures-session.h"
#include "hf-latch-private.h"
#include "hf-request-defaults-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

#define HF_DEFAULT_MAX_WORKERS 2
#define HF_DEFAULT_CONNECT_TIMEOUT 10.0 /* seconds */
#define HF_DEFAULT_READ_TIMEOUT 30.0    /* seconds */
#define HF_DEFAULT_MAX_REDIRECTS 30

typedef struct _HfSendJob HfSendJob;

typedef enum {
  SESSION_SETTING_CONNECT_TIMEOUT,
  SESSION_SETTING_READ_TIMEOUT,
  SESSION_SETTING_DEADLINE,
  SESSION_SETTING_MAX_BODY_SIZE,
  SESSION_SETTING_MAX_DECOMPRESSION_RATIO,
  SESSION_SETTING_HTTP_VERSION,
  SESSION_SETTING_BASE_URI,
  SESSION_SETTING_USER_AGENT,
  SESSION_SETTING_HEADERS,
  SESSION_SETTING_PARAMS,
  SESSION_SETTING_AUTH,
  SESSION_SETTING_FOLLOW_REDIRECTS,
  SESSION_SETTING_MAX_REDIRECTS,
  SESSION_SETTING_RAISE_FOR_STATUS,
  N_SESSION_SETTINGS,
} HfSessionSetting;

/* What of a session holds for the requests that are submitted now. */
typedef struct {
  double connect_timeout;  /* seconds; 0: none */
  double read_timeout;     /* seconds; 0: none */
  double deadline;         /* seconds; 0: none */
  guint64 max_body_size;   /* bytes; 0: none */
  guint max_decompression_ratio; /* 0: no limit */
  HfHttpVersion http_version;
  gboolean follow_redirects;
  guint max_redirects;
  gboolean raise_for_status;
  GPtrArray *hooks;        /* owned, nullable; of HfHook; never changed once others have it */
  HfRequestDefaults *defaults; /* owned, nullable; the same */
  GPtrArray *mounts;       /* owned, nullable; of HfMount; the same */
} HfSessionSettings;

typedef struct {
  HfExecutor *executor;       /* owned, const */
  gboolean owns_executor;     /* const: made by this session, so closed by it */
  guint max_workers;          /* const */
  SoupSession *soup_session;  /* owned, const */
  SoupCookieJar *jar;         /* owned, const, nullable */
  int *jar_used;              /* a reference, shared with the handler; atomic: the jar has, or had,
                               * cookies */
  gulong jar_changed;         /* const */
  HfTransport *transport;     /* owned, const */
  char *lost_features;        /* owned, const, nullable: of the SoupSession, what no worker process
                               * can have */
  HfLatch *latch;             /* owned, const; counts the jobs that have not ended */

  GMutex lock;
  GQueue jobs;                /* of HfSendJob that have not ended, linked through their own links;
                               * guarded by lock */
  gboolean closed;            /* guarded by lock */
  HfSessionSettings settings; /* guarded by lock; what it points to is replaced, never changed */
} HfFuturesSessionPrivate;

HfFuturesSessionPrivate *hf_futures_session_get_private (HfFuturesSession *self);

void           hf_futures_session_install_settings (GObjectClass     *object_class,
                                                    guint             first_id);
void           hf_futures_session_notify_setting (HfFuturesSession  *self,
                                                  HfSessionSetting   setting);
void           hf_futures_session_get_setting    (HfFuturesSession  *self,
                                                  guint              setting,
                                                  GValue            *value);
void           hf_futures_session_set_setting    (HfFuturesSession  *self,
                                                  guint              setting,
                                                  const GValue      *value);

HfFuture      *hf_futures_session_send_verb      (HfFuturesSession  *self,
                                                  const char        *method,
                                                  const char        *uri,
                                                  HfBody            *body);
gboolean       hf_futures_session_enlist         (HfFuturesSession  *self,
                                                  HfSendJob         *job);
void           hf_futures_session_delist         (HfFuturesSession  *self,
                                                  HfSendJob         *job);
void           hf_futures_session_copy_settings  (HfFuturesSession  *self,
                                                  HfSessionSettings *settings);
HfRequestData *hf_session_settings_complete      (HfSessionSettings *settings,
                                                  HfRequestData     *data,
                                                  GError           **error);
HfLatch       *hf_futures_session_get_latch      (HfFuturesSession  *self);
HfTransport   *hf_futures_session_get_transport  (HfFuturesSession  *self);
const int     *hf_futures_session_get_jar_used   (HfFuturesSession  *self);
void           hf_futures_session_choose_jar     (HfFuturesSession  *self,
                                                  gboolean           supplied);
void           hf_futures_session_drop_jar       (HfFuturesSession  *self);

/* For tests: before the first request. */
void           hf_futures_session_set_transport  (HfFuturesSession  *self,
                                                  HfTransport       *transport);

G_END_DECLS
