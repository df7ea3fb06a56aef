/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-headers.h"

G_BEGIN_DECLS

/* A request's own cookies are a GPtrArray of names and values in turn. It is replaced, and never
 * changed, so it may be shared. */

GPtrArray  *hf_cookies_with     (GPtrArray     *own,
                                 const char    *name,
                                 const char    *value);
const char *hf_cookies_find     (GPtrArray     *own,
                                 const char    *name);
gboolean    hf_cookies_validate (GPtrArray     *own,
                                 const char    *uri,
                                 GError       **error);

char       *hf_cookies_dup_header (SoupCookieJar *jar,
                                   GUri          *uri,
                                   GPtrArray     *own);
void        hf_cookies_store    (SoupCookieJar *jar,
                                 HfHeaders     *headers,
                                 GUri          *from,
                                 GPtrArray    **own);

G_END_DECLS
