/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include "hf-process-transport-private.h"
#include "hf-wire-response-private.h"
#include "hf-wire-session-private.h"

/* Where a worker process sends requests it also looks at the responses: hooks go there by name. */

gboolean
hf_send_job_has_remote_hooks (HfSendJob *self)
{
  return self->settings.hooks != NULL && self->next_hook < self->settings.hooks->len &&
         HF_IS_PROCESS_TRANSPORT (hf_futures_session_get_transport (self->session));
}

static GVariant *
pack_hooks (GPtrArray *hooks)
{
  GVariantBuilder packed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(smv)"));

  for (guint i = 0; i < hooks->len; i++)
    {
      HfHook *hook = g_ptr_array_index (hooks, i);

      g_variant_builder_add (&packed, "(smv)", hook->name, hook->parameters);
    }
  return g_variant_builder_end (&packed);
}

static gboolean
send_job_pack_hooks (HfSendJob  *self,
                     HfFrame    *job,
                     GError    **error)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  GVariant *session = hf_wire_pack_session (self->session, error);

  if (session == NULL)
    return FALSE;

  g_variant_dict_insert_value (&values, "session", session);
  g_variant_dict_insert_value (&values, "hooks", pack_hooks (self->settings.hooks));
  if (!hf_wire_pack_answer (self->response, &values, job, error))
    return FALSE;

  job->kind = HF_FRAME_HOOKS;
  job->values = g_variant_ref_sink (g_variant_dict_end (&values));
  return TRUE;
}

static GVariant *
send_job_call_hooks (HfSendJob  *self,
                     GError    **error)
{
  HfTransport *transport = hf_futures_session_get_transport (self->session);
  g_auto (HfFrame) job = { 0 };
  gboolean packed = send_job_pack_hooks (self, &job, error);

  hf_response_forget_sealed (self->response);
  return packed ? hf_process_transport_call_hooks (HF_PROCESS_TRANSPORT (transport), &job,
                                                   self->cancellable, error)
                : NULL;
}

/*
 * hf_send_job_call_remote_hooks:
 *
 * Has all hooks called, one after the other, blocking.
 *
 * Returns: %FALSE when the job has ended
 */
gboolean
hf_send_job_call_remote_hooks (HfSendJob *self)
{
  g_autoptr (GVariant) outcome = NULL;
  GError *error = NULL;

  self->next_hook = self->settings.hooks->len;
  if (hf_promise_is_settled (self->promise))
    {
      hf_send_job_end (self);
      return FALSE;
    }

  hf_send_job_ensure_cancellable (self);
  outcome = send_job_call_hooks (self, &error);
  hf_send_job_give_cancellable_back (self);
  if (outcome != NULL)
    {
      hf_wire_unpack_outcome (outcome, self->response, &self->value);
      return TRUE;
    }

  g_clear_pointer (&self->settings.hooks, g_ptr_array_unref);
  hf_send_job_fail_promise (self, error, NULL);
  hf_send_job_end (self);
  return FALSE;
}
