/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HfClock HfClock;
typedef struct _HfTimer HfTimer;

/*
 * HfTimerFunc:
 *
 * Called on the clock's thread when a timer is due, under no lock. Returns when it wants to be
 * called again, or %HF_CLOCK_NEVER.
 */
typedef gint64 (*HfTimerFunc) (gpointer user_data, gint64 now_us);

#define HF_CLOCK_NEVER G_MAXINT64

HfClock *hf_clock_get_default      (void);
void     hf_clock_set_default      (HfClock        *clock);
HfClock *hf_clock_new_manual       (void);
HfClock *hf_clock_new_in_context   (GMainContext   *context);
void     hf_clock_free             (HfClock        *clock);
void     hf_clock_advance          (HfClock        *clock,
                                    gint64          by_us);

gint64   hf_clock_now              (HfClock        *clock);
HfTimer *hf_clock_add              (HfClock        *clock,
                                    gint64          due_us,
                                    HfTimerFunc     func,
                                    gpointer        user_data,
                                    GDestroyNotify  destroy);
void     hf_clock_bring_forward    (HfClock        *clock,
                                    HfTimer        *timer,
                                    gint64          due_us);
void     hf_clock_remove           (HfClock        *clock,
                                    HfTimer        *timer);

gint64   hf_clock_due_after        (gint64          now_us,
                                    double          seconds);
gint64   hf_get_time_left          (gint64          timeout_us,
                                    gint64          begun_us);

G_END_DECLS
