/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-multipart.h"

#include <string.h>

#include "hf-body-private.h"
#include "hf-validate-private.h"

/**
 * HfMultipart:
 *
 * A form with files, `multipart/form-data` (RFC 7578), to be made a body of with
 * [ctor@Body.new_for_multipart].
 *
 * It is sent in the order in which it was put together; a name may come several times. Files are
 * read while they are sent. Names and file names are written as browsers do: in UTF-8, with `%22`,
 * `%0D` and `%0A` for what would end them.
 *
 * One thread may use it at a time.
 *
 * Since: 1.0
 */

typedef struct {
  GString *head;     /* owned: the fields, each with its line's end */
  GPtrArray *parts;  /* owned; of HfBodyPart */
} HfFormPart;

struct _HfMultipart {
  GObject parent_instance;

  GPtrArray *forms;    /* owned; of HfFormPart */
  char *invalid_field; /* owned, nullable: the name of a field that cannot be sent */
};

G_DEFINE_FINAL_TYPE (HfMultipart, hf_multipart, G_TYPE_OBJECT)

static void
form_part_free (gpointer data)
{
  HfFormPart *self = data;

  g_string_free (self->head, TRUE);
  g_ptr_array_unref (self->parts);
  g_free (self);
}

static void
hf_multipart_finalize (GObject *object)
{
  HfMultipart *self = HF_MULTIPART (object);

  g_ptr_array_unref (self->forms);
  g_free (self->invalid_field);

  G_OBJECT_CLASS (hf_multipart_parent_class)->finalize (object);
}

static void
hf_multipart_class_init (HfMultipartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_multipart_finalize;
}

static void
hf_multipart_init (HfMultipart *self)
{
  self->forms = g_ptr_array_new_with_free_func (form_part_free);
}

/**
 * hf_multipart_new:
 *
 * Makes an empty form.
 *
 * Returns: (transfer full): a form
 *
 * Since: 1.0
 */
HfMultipart *
hf_multipart_new (void)
{
  return g_object_new (HF_TYPE_MULTIPART, NULL);
}

/* HTML, “multipart/form-data encoding algorithm”; RFC 7578 §4.2 leaves it open. */
static void
append_quoted (GString    *head,
               const char *text)
{
  g_string_append_c (head, '"');
  for (const char *c = text; *c != '\0'; c++)
    if (strchr ("\"\r\n", *c) != NULL)
      g_string_append_printf (head, "%%%02X", *c);
    else
      g_string_append_c (head, *c);
  g_string_append_c (head, '"');
}

/* What cannot be written is told when the form is sent, as with headers of requests. */
static void
multipart_append_field (HfMultipart *self,
                        const char  *name,
                        const char  *value)
{
  HfFormPart *form = g_ptr_array_index (self->forms, self->forms->len - 1);

  if (!hf_is_field_name (name) || !hf_is_field_value (value))
    {
      g_free (self->invalid_field);
      self->invalid_field = g_strdup (name);
      return;
    }
  g_string_append_printf (form->head, "%s: %s\r\n", name, value);
}

static void
multipart_append (HfMultipart *self,
                  const char  *name,
                  const char  *file_name,
                  const char  *content_type,
                  HfBody      *body)
{
  HfFormPart *form = g_new (HfFormPart, 1);

  form->head = g_string_new ("Content-Disposition: form-data; name=");
  form->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_body_part_unref);
  append_quoted (form->head, name);
  if (file_name != NULL)
    {
      g_string_append (form->head, "; filename=");
      append_quoted (form->head, file_name);
    }
  g_string_append (form->head, "\r\n");

  if (body->bytes != NULL)
    g_ptr_array_add (form->parts, hf_body_part_new_for_bytes (body->bytes));
  for (guint i = 0; body->parts != NULL && i < body->parts->len; i++)
    g_ptr_array_add (form->parts, hf_body_part_ref (g_ptr_array_index (body->parts, i)));
  if (self->invalid_field == NULL)
    self->invalid_field = g_strdup (body->invalid_field);

  g_ptr_array_add (self->forms, form);
  if (content_type != NULL)
    multipart_append_field (self, "Content-Type", content_type);
}

/**
 * hf_multipart_append_text:
 * @self: a form
 * @name: the name of the field
 * @value: its value, in UTF-8
 *
 * Appends a field of text.
 *
 * Since: 1.0
 */
void
hf_multipart_append_text (HfMultipart *self,
                          const char  *name,
                          const char  *value)
{
  g_autoptr (HfBody) body = NULL;

  g_return_if_fail (HF_IS_MULTIPART (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  body = hf_body_new_for_text (value, NULL);
  multipart_append (self, name, NULL, NULL, body);
}

/**
 * hf_multipart_append_bytes:
 * @self: a form
 * @name: the name of the field
 * @bytes: the contents
 * @file_name: (nullable): the name of the file that they are sent as, or %NULL if it is none
 * @content_type: (nullable): their media type, or %NULL to say none
 *
 * Appends bytes, as a file if they have a name.
 *
 * Since: 1.0
 */
void
hf_multipart_append_bytes (HfMultipart *self,
                           const char  *name,
                           GBytes      *bytes,
                           const char  *file_name,
                           const char  *content_type)
{
  g_autoptr (HfBody) body = NULL;

  g_return_if_fail (HF_IS_MULTIPART (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (bytes != NULL);

  body = hf_body_new_for_bytes (bytes, content_type);
  multipart_append (self, name, file_name, content_type, body);
}

static char *
guess_content_type (const char *file_name)
{
  g_autofree char *type = g_content_type_guess (file_name, NULL, 0, NULL);
  char *mime = g_content_type_get_mime_type (type);

  return mime != NULL ? mime : g_strdup ("application/octet-stream");
}

/**
 * hf_multipart_append_file:
 * @self: a form
 * @name: the name of the field
 * @file: what to send
 * @file_name: (nullable): the name that the server is told, or %NULL for the file's own, without
 *   its folder
 * @content_type: (nullable): the media type, or %NULL to guess it from the name
 *
 * Appends a file. It is opened and read when the form is sent.
 *
 * Since: 1.0
 */
void
hf_multipart_append_file (HfMultipart *self,
                          const char  *name,
                          GFile       *file,
                          const char  *file_name,
                          const char  *content_type)
{
  g_autoptr (HfBody) body = NULL;
  g_autofree char *own_name = NULL;
  g_autofree char *told = NULL;
  g_autofree char *guessed = NULL;

  g_return_if_fail (HF_IS_MULTIPART (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (G_IS_FILE (file));

  if (file_name == NULL)
    own_name = g_file_get_basename (file);
  told = g_utf8_make_valid (file_name != NULL ? file_name : own_name != NULL ? own_name : "", -1);
  if (content_type == NULL)
    guessed = guess_content_type (told);

  body = hf_body_new_for_file (file, NULL);
  multipart_append (self, name, told, content_type != NULL ? content_type : guessed, body);
}

/**
 * hf_multipart_append_body:
 * @self: a form
 * @name: the name of the field
 * @body: the contents; its media type is the part's
 * @file_name: (nullable): the name of the file that it is sent as, or %NULL if it is none
 *
 * Appends what another body would send, such as a stream.
 *
 * The form can be sent once if that can be sent once, and its length is known if that of all its
 * parts is.
 *
 * Since: 1.0
 */
void
hf_multipart_append_body (HfMultipart *self,
                          const char  *name,
                          HfBody      *body,
                          const char  *file_name)
{
  g_return_if_fail (HF_IS_MULTIPART (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (HF_IS_BODY (body));

  multipart_append (self, name, file_name, body->content_type, body);
}

/**
 * hf_multipart_append_header:
 * @self: a form that has a part
 * @name: the name of a header field
 * @value: its value
 *
 * Appends a header field to the part that was appended last.
 *
 * One that cannot be sent makes the request's future fail with `HF_ERROR_INVALID_REQUEST`.
 *
 * Since: 1.0
 */
void
hf_multipart_append_header (HfMultipart *self,
                            const char  *name,
                            const char  *value)
{
  g_return_if_fail (HF_IS_MULTIPART (self));
  g_return_if_fail (self->forms->len > 0);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  multipart_append_field (self, name, value);
}

static void
add_text (GPtrArray *parts,
          GString   *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);

  g_ptr_array_add (parts, hf_body_part_new_for_bytes (bytes));
}

/**
 * hf_body_new_for_multipart:
 * @multipart: a form
 *
 * Makes a body of a form with files, `multipart/form-data`, as the form is now.
 *
 * Its length is known when it is sent, unless that of a stream in it is not.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_multipart (HfMultipart *multipart)
{
  g_autofree char *boundary = NULL;
  g_autofree char *content_type = NULL;
  g_autoptr (GString) between = g_string_new (NULL);
  GPtrArray *parts;

  g_return_val_if_fail (HF_IS_MULTIPART (multipart), NULL);

  parts = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_body_part_unref);
  boundary = g_uuid_string_random (); /* that is nowhere in the contents */
  for (guint i = 0; i < multipart->forms->len; i++)
    {
      HfFormPart *form = g_ptr_array_index (multipart->forms, i);

      g_string_append_printf (between, "--%s\r\n%s\r\n", boundary, form->head->str);
      add_text (parts, between);
      for (guint j = 0; j < form->parts->len; j++)
        g_ptr_array_add (parts, hf_body_part_ref (g_ptr_array_index (form->parts, j)));
      g_string_assign (between, "\r\n");
    }
  g_string_append_printf (between, "--%s--\r\n", boundary);
  add_text (parts, between);

  content_type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);
  return hf_body_new_for_parts (parts, content_type, multipart->invalid_field);
}
