/* libfyaml's errors in words that say what to write instead. */
#ifndef SM_YAML_MESSAGE_H
#define SM_YAML_MESSAGE_H

/* The message itself if it is not known. */
const char *sm_yaml_message(const char *libfyaml_message);

#endif
