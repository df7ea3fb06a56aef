/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-latch-private.h"
#include "hf-mailbox-private.h"

/* Waiting until nothing is under way, also from the middle of what is. */

typedef struct {
  HfLatch *latch;
  HfGate released; /* passed by each wait that returned */
  HfGate go_on;    /* waited for before the first thread's work ends */
  HfGate left;     /* passed when it has */
  HfGate pop;      /* waited for before its frame goes */
} Fixture;

static void
on_idle (gpointer user_data)
{
  gboolean *idle = user_data;

  *idle = TRUE;
}

static void
test_counts (void)
{
  g_autoptr (HfLatch) latch = hf_latch_new (NULL);
  gboolean idle = FALSE;

  hf_latch_wait (latch);
  hf_latch_enter (latch);
  hf_latch_enter (latch);
  hf_latch_call_when_idle (latch, on_idle, &idle);
  hf_latch_leave (latch);
  g_assert_false (idle);
  hf_latch_leave (latch);
  g_assert_true (idle);
  hf_latch_wait (latch);
}

static gpointer
wait_in_the_middle (gpointer data)
{
  Fixture *fixture = data;
  HfLatchFrame frame;

  hf_latch_push_frame (fixture->latch, &frame);
  hf_latch_wait (fixture->latch);
  hf_gate_pass (&fixture->released);
  hf_gate_wait (&fixture->go_on, 1);
  hf_latch_leave (fixture->latch);
  hf_gate_pass (&fixture->left);
  hf_gate_wait (&fixture->pop, 1);
  hf_latch_pop_frame (&frame);
  return NULL;
}

typedef struct {
  HfLatch *latch;
  gboolean left;
} Third;

/* Runs in the wait of the test's own thread. */
static void
leave_third (gpointer data)
{
  Third *third = data;

  third->left = TRUE;
  hf_latch_leave (third->latch);
}

static void
not_dropped (gpointer data)
{
  g_assert_not_reached ();
}

/* Two wait for one another and are let go. When one of them has ended, and is just about to say
 * so, it is no excuse for the other not to wait for a third. */
static void
test_wait_for_a_third (void)
{
  Fixture fixture = { hf_latch_new (NULL), HF_GATE_INIT, HF_GATE_INIT, HF_GATE_INIT, HF_GATE_INIT };
  Third third = { fixture.latch, FALSE };
  g_autoptr (HfMailbox) mailbox = hf_mailbox_ref_current ();
  g_autoptr (GMainContext) never_iterated = g_main_context_new ();
  HfMailboxCall *call;
  HfLatchFrame frame;
  GThread *thread;

  hf_latch_enter (fixture.latch);
  hf_latch_enter (fixture.latch);
  thread = g_thread_new ("in-the-middle", wait_in_the_middle, &fixture);
  hf_latch_push_frame (fixture.latch, &frame);
  hf_latch_wait (fixture.latch);
  hf_gate_wait (&fixture.released, 1);

  hf_gate_pass (&fixture.go_on);
  hf_gate_wait (&fixture.left, 1);
  hf_latch_enter (fixture.latch);
  call = hf_mailbox_post (mailbox, never_iterated, leave_third, not_dropped, &third);
  hf_latch_wait (fixture.latch);
  g_assert_true (third.left);

  hf_mailbox_call_unref (call);
  hf_latch_pop_frame (&frame);
  hf_latch_leave (fixture.latch);
  hf_gate_pass (&fixture.pop);
  g_thread_join (thread);
  hf_latch_wait (fixture.latch);
  hf_latch_unref (fixture.latch);
}

static void
wait_nested (gpointer data)
{
  HfLatch *latch = data;
  HfLatchFrame frame;

  hf_latch_push_frame (latch, &frame);
  hf_latch_wait (latch);
  hf_latch_pop_frame (&frame);
  hf_latch_leave (latch);
}

/* What runs inside a wait may wait, too: neither waits for what lies under it. */
static void
test_nested (void)
{
  g_autoptr (HfLatch) latch = hf_latch_new (NULL);
  g_autoptr (HfMailbox) mailbox = hf_mailbox_ref_current ();
  g_autoptr (GMainContext) never_iterated = g_main_context_new ();
  HfMailboxCall *call;
  HfLatchFrame frame;

  hf_latch_enter (latch);
  hf_latch_enter (latch);
  hf_latch_push_frame (latch, &frame);
  call = hf_mailbox_post (mailbox, never_iterated, wait_nested, not_dropped, latch);
  hf_latch_wait (latch);
  hf_mailbox_call_unref (call);
  hf_latch_pop_frame (&frame);
  hf_latch_leave (latch);
  hf_latch_wait (latch);
}

/* What lies within another is counted by both. */
static void
test_within (void)
{
  g_autoptr (HfLatch) outer = hf_latch_new (NULL);
  g_autoptr (HfLatch) latch = hf_latch_new (outer);
  g_autoptr (HfLatch) other = hf_latch_new (outer);
  HfLatchFrame frame;

  hf_latch_enter (latch);
  g_assert_false (hf_latch_wait_until (outer, 0, NULL));
  g_assert_true (hf_latch_wait_until (other, 0, NULL));
  hf_latch_push_frame (latch, &frame);
  g_assert_true (hf_latch_wait_until (outer, -1, NULL)); /* but for what this thread does */
  hf_latch_enter (other);
  g_assert_false (hf_latch_wait_until (outer, 0, NULL));
  hf_latch_leave (other);
  hf_latch_pop_frame (&frame);
  hf_latch_leave (latch);
  g_assert_true (hf_latch_wait_until (outer, -1, NULL));
}

/* Whoever gives up waiting in the middle of something has to be waited for again. */
static void
test_give_up (void)
{
  g_autoptr (HfLatch) outer = hf_latch_new (NULL);
  g_autoptr (HfLatch) latch = hf_latch_new (outer);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  HfLatchFrame frame;

  g_cancellable_cancel (cancelled);
  hf_latch_enter (latch);
  hf_latch_enter (latch);
  hf_latch_push_frame (latch, &frame);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (hf_latch_wait_until (latch, 0, NULL));
      g_assert_false (hf_latch_wait_until (outer, 1000, NULL));
      g_assert_false (hf_latch_wait_until (outer, -1, cancelled));
    }
  hf_latch_leave (latch);
  g_assert_true (hf_latch_wait_until (latch, -1, NULL));
  hf_latch_pop_frame (&frame);
  g_assert_false (hf_latch_wait_until (latch, 0, NULL));
  hf_latch_leave (latch);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/latch/counts", test_counts);
  g_test_add_func ("/latch/wait-for-a-third", test_wait_for_a_third);
  g_test_add_func ("/latch/nested", test_nested);
  g_test_add_func ("/latch/within", test_within);
  g_test_add_func ("/latch/give-up", test_give_up);
  return g_test_run ();
}
