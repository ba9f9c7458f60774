"""Which security policies of Elastic Load Balancing are fit for a listener, and what they negotiate.

Source: docs TO BE CHECKED
"""

DEFAULT = "ELBSecurityPolicy-TLS13-1-2-2021-06"
