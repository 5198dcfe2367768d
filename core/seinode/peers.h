/* Peers found by label: status.resolvedPeers. */
#ifndef SM_PEERS_H
#define SM_PEERS_H

#include "node.h"

/* Lists the SeiNodes that spec.peers[].label selects and stores their names in DNS, sorted; none: removes the field. */
void sm_peers_resolve(struct sm_node *node);

#endif
