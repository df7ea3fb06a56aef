/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-request-private.h"

G_BEGIN_DECLS

/*
 * HfRequestDefaults:
 *
 * What requests say that do not say otherwise. Never changed once others have it.
 */
typedef struct {
  gatomicrefcount ref_count;

  char *base_uri;      /* owned, nullable: as the user gave it */
  GUri *base;          /* owned; NULL when there is none, or when it cannot be used */
  char *user_agent;    /* owned, nullable */
  HfHeaders *headers;  /* owned */
  GPtrArray *params;   /* owned; of char *: name, value, name, value, … */
  HfAuth *auth;        /* owned, nullable */
} HfRequestDefaults;

HfRequestDefaults *hf_request_defaults_new      (void);
HfRequestDefaults *hf_request_defaults_copy     (HfRequestDefaults *self);
HfRequestDefaults *hf_request_defaults_ref      (HfRequestDefaults *self);
void               hf_request_defaults_unref    (HfRequestDefaults *self);
gboolean           hf_request_defaults_is_empty (HfRequestDefaults *self);
gboolean           hf_request_defaults_apply    (HfRequestDefaults *self,
                                                 HfRequestData     *data,
                                                 GError           **error);

GPtrArray         *hf_params_new                (void);
GPtrArray         *hf_params_copy               (GPtrArray         *params);
void               hf_params_append             (GPtrArray         *params,
                                                 const char        *name,
                                                 const char        *value);
char              *hf_params_append_to_uri      (GPtrArray         *params,
                                                 const char        *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfRequestDefaults, hf_request_defaults_unref)

G_END_DECLS
