/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What generators of inputs are made of.
 *
 * All of it is drawn with g_test_rand_int(): a test program writes its seed as it starts, and makes
 * the same inputs again when it is run with `--seed=` and that.
 */

guint       hf_random_n_inputs      (void);

guint       hf_random_below         (guint              limit);
gboolean    hf_random_one_in        (guint              n);
const char *hf_random_choose        (const char *const *words);

char       *hf_random_token         (void);
char       *hf_random_text          (guint              max_characters);
char       *hf_random_bytes         (guint              max_bytes);

void        hf_random_append_space  (GString           *out);
void        hf_random_append_case   (GString           *out,
                                     const char        *text);
void        hf_random_append_quoted (GString           *out,
                                     const char        *text);
void        hf_random_append_word   (GString           *out,
                                     const char        *text);
void        hf_random_append_escape (GString           *out,
                                     const char        *text,
                                     const char        *as_they_are);

void        hf_random_corrupt       (GString           *text);

gboolean    hf_is_token             (const char        *text);
void        hf_assert_same          (const char        *input,
                                     const char        *expected,
                                     const char        *actual);

G_END_DECLS
