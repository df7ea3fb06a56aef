/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#pragma once

#include "hf-upload-server.h"
#include "libhfutures.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  HfExecutor *(*make) (void);
  gboolean is_here;
  gboolean has_own_session; /* a SoupSession of the user's, which sends by itself */
} HfUploadKind;

/* A session on an executor of some kind, a server that tells of uploads, and a file. */
typedef struct {
  const HfUploadKind *kind;
  HfUploadServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
  char *path; /* of a file of its own */
  GFile *file;
} HfUploadFixture;

extern const HfUploadKind hf_upload_kinds[4];

void      hf_upload_fixture_set_up       (HfUploadFixture *fixture,
                                          gconstpointer    data);
void      hf_upload_fixture_tear_down    (HfUploadFixture *fixture,
                                          gconstpointer    data);
char     *hf_upload_fixture_leave        (HfUploadFixture *fixture);
void      hf_upload_fixture_write_file   (HfUploadFixture *fixture,
                                          const char      *text);
/* Waits as the kind wants it. */
void      hf_upload_fixture_await        (HfUploadFixture *fixture,
                                          HfFuture        *future);

/* Returns: (transfer full): a future that has settled */
HfFuture *hf_upload_fixture_send         (HfUploadFixture *fixture,
                                          const char      *method,
                                          const char      *path,
                                          HfBody          *body);
void      hf_upload_fixture_assert_sends (HfUploadFixture *fixture,
                                          const char      *method,
                                          const char      *path,
                                          HfBody          *body,
                                          const char      *log);
/* Any cause will do if the domain is 0. */
char     *hf_upload_fixture_assert_fails (HfUploadFixture *fixture,
                                          const char      *method,
                                          const char      *path,
                                          HfBody          *body,
                                          GQuark           cause_domain,
                                          int              cause_code);

/* For hf_assert_becomes(): of a future. */
gboolean      hf_upload_is_settled     (gpointer   future);

/* Functions for bodies of text. */
GInputStream *hf_upload_open_text      (gpointer   text,
                                        GError   **error);
GBytes       *hf_upload_read_by_threes (guint64    offset,
                                        gpointer   text,
                                        GError   **error);

G_END_DECLS
