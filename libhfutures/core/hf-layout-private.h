/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The variable of a worker's environment that says below which address its libraries belong, a
 * hexadecimal number. */
#define HF_LAYOUT_VARIABLE "HF_LOAD_BELOW"

/* A variable for programs that load their libraries by themselves, as interpreters do: with it the
 * gap is closed until hf_layout_settle(). */
#define HF_LAYOUT_KEEP_VARIABLE "HF_LOAD_BELOW_LATER"

guintptr  hf_layout_choose   (void);
char    **hf_layout_demand   (char     **environment,
                              guintptr   load_below);
void      hf_layout_settle   (void);

G_END_DECLS
