"""Istio in ambient mode: the mesh, and the controller of Gateways of class `istio`."""

from .component import IstioAmbient

__all__ = ["IstioAmbient"]
