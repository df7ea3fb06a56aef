/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

char *hf_cookies_dup_header (SoupCookieJar *jar,
                             GUri          *uri);

G_END_DECLS
