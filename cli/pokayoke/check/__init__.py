"""`pokayoke check`: the policy pack over an exported stack or plain manifests, without an engine."""
