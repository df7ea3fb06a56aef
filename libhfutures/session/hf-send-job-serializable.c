/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include <glib/gi18n-lib.h>

#include "hf-auth-private.h"
#include "hf-mount-private.h"
#include "hf-process-transport-private.h"
#include "hf-wire-private.h"

/* What of a job cannot go to a worker process, looked for before it is submitted. */

static gboolean
send_job_is_mounted (HfSendJob *self)
{
  g_autoptr (GUri) uri = NULL;

  if (self->settings.mounts == NULL)
    return FALSE;
  uri = g_uri_parse (self->request->uri, SOUP_HTTP_URI_FLAGS, NULL);
  return uri != NULL && hf_mount_list_find (self->settings.mounts, uri) != NULL;
}

/* Returns: (transfer full) (nullable): a translated name of it, to begin a sentence */
static char *
send_job_find_unserializable (HfSendJob *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self->session);
  GPtrArray *hooks = self->settings.hooks;
  HfRequestData *request = self->request;

  hf_init_i18n ();
  if (self->message != NULL)
    return g_strdup (_("A SoupMessage"));
  for (guint i = 0; hooks != NULL && i < hooks->len; i++)
    if (((HfHook *) g_ptr_array_index (hooks, i))->name == NULL)
      return g_strdup (_("A response hook that has no name"));
  if (hooks != NULL && hooks->len > 0 && request->stream && request->destination == NULL)
    return g_strdup (_("A streamed response that a hook is to look at"));
  if (request->auth != NULL && hf_auth_is_func (request->auth))
    return g_strdup (_("A function for credentials"));
  if (send_job_is_mounted (self))
    return g_strdup (_("A mock transport"));
  if (priv->lost_features != NULL)
    return g_strdup_printf (_("A SoupSession with these features (%s)"), priv->lost_features);
  return NULL;
}

/* Returns: %FALSE with @error set when the job should go to a worker process, but cannot */
gboolean
hf_send_job_check_serializable (HfSendJob  *self,
                                GError    **error)
{
  HfTransport *transport = hf_futures_session_get_transport (self->session);
  HfHop hop = { .settings = self->request };
  g_autoptr (HfConnectionConfig) config = NULL;
  g_autofree char *what = NULL;

  if (!HF_IS_PROCESS_TRANSPORT (transport))
    return TRUE;

  what = send_job_find_unserializable (self);
  if (what != NULL)
    {
      g_propagate_error (error, hf_error_new_not_serializable (what));
      return FALSE;
    }

  config = hf_process_transport_ref_config (HF_PROCESS_TRANSPORT (transport), &hop);
  return hf_wire_check_config (config, error) &&
         (self->request->body == NULL || hf_wire_check_body (self->request->body, error));
}
