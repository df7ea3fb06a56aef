/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker-hooks-private.h"

#include "hf-hook-call-private.h"
#include "hf-named-hook-private.h"
#include "hf-wire-response-private.h"
#include "hf-wire-session-private.h"

/* The response hooks of a request, in a worker process. */

typedef struct {
  GVariant *values;          /* not owned: what the parent has sent */
  GProxyResolver *resolver;  /* not owned */
  HfFuturesSession *session; /* owned, nullable: made when a hook asks for it */
} Hooks;

static HfFuturesSession *
make_session (gpointer data)
{
  Hooks *self = data;
  g_autoptr (GVariant) packed = NULL;

  if (self->session == NULL)
    {
      packed = g_variant_lookup_value (self->values, "session", G_VARIANT_TYPE_VARDICT);
      self->session = packed != NULL ? hf_wire_unpack_session (packed, self->resolver)
                                     : hf_futures_session_new ();
    }
  return g_object_ref (self->session);
}

static gboolean
call_hooks (Hooks            *self,
            HfResponse       *response,
            HfNamedHookFunc   func,
            gpointer          func_data,
            GValue           *value,
            GError          **error)
{
  g_autoptr (GVariant) hooks =
    g_variant_lookup_value (self->values, "hooks", G_VARIANT_TYPE ("a(smv)"));
  gboolean goes_on = TRUE;

  for (gsize i = 0; goes_on && hooks != NULL && i < g_variant_n_children (hooks); i++)
    {
      g_autoptr (GVariant) parameters = NULL;
      const char *name;

      g_variant_get_child (hooks, i, "(&smv)", &name, &parameters);
      goes_on = hf_hook_call_run_named (name, parameters, func, func_data, make_session, self,
                                        response, value, error);
    }
  return goes_on;
}

/* @outcome: gets it. Returns: %FALSE with @error set when a hook failed */
static gboolean
make_outcome (HfFrame          *frame,
              GProxyResolver   *resolver,
              HfNamedHookFunc   func,
              gpointer          func_data,
              HfFrame          *outcome,
              GError          **error)
{
  g_autoptr (HfResponse) response = hf_wire_unpack_answer (frame, error);
  Hooks hooks = { .values = frame->values, .resolver = resolver };
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean done;

  if (response == NULL)
    return FALSE;

  done = call_hooks (&hooks, response, func, func_data, &value, error);
  if (hooks.session != NULL)
    hf_futures_session_close (hooks.session, HF_CLOSE_CANCEL_ALL);
  g_clear_object (&hooks.session);
  return done && hf_wire_pack_outcome (response, &value, outcome, error);
}

/*
 * hf_worker_call_hooks:
 * @resolver: knows the proxies of the session that hooks may ask for
 * @func: (nullable): who knows the names; %NULL: they are those of modules
 * @outcome: (out): what has become of the response, or why a hook failed
 *
 * Calls the hooks.
 */
void
hf_worker_call_hooks (HfFrame         *frame,
                      GProxyResolver  *resolver,
                      HfNamedHookFunc  func,
                      gpointer         func_data,
                      HfFrame         *outcome)
{
  g_autoptr (GError) error = NULL;

  *outcome = (HfFrame){ .kind = HF_FRAME_OUTCOME };
  if (make_outcome (frame, resolver, func != NULL ? func : hf_named_hook_run, func_data, outcome,
                    &error))
    return;

  hf_frame_clear (outcome);
  outcome->kind = HF_FRAME_FAILED;
  outcome->values = g_variant_ref_sink (hf_wire_pack_error (error));
}
