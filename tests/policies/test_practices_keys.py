"""What is asked of keys, and where popular checks of the same are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

KEY, NATIVE = "aws:kms/key:Key", "aws-native:kms:Key"
ROTATES, STATIC = "kms-rotates", "iam-no-static-keys"


@pytest.mark.parametrize(
    ("kind", "said", "how"),
    [
        pytest.param(KEY, {}, "it is left out, which means false", id="left-out"),
        pytest.param(NATIVE, {"origin": "AWS_KMS"}, "it is left out, which means false", id="native"),
        pytest.param(KEY, {"enableKeyRotation": "false"}, "it is off", id="off"),
        pytest.param(KEY, {"customerMasterKeySpec": "SYMMETRIC_DEFAULT"}, "it is left out", id="symmetric-outright"),
    ],
)
def test_a_key_that_never_changes_is_told(pack: Pack, kind: str, said: dict[str, Any], how: str) -> None:
    (message,) = pack.advice(kind, said)[ROTATES]
    assert message.startswith(f"enableKeyRotation: {how}")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param(KEY, {"enableKeyRotation": True}, id="rotated"),
        pytest.param(KEY, {"customerMasterKeySpec": "RSA_4096"}, id="asymmetric"),
        pytest.param(NATIVE, {"keySpec": "HMAC_256"}, id="of-signatures"),
        pytest.param(KEY, {"customKeyStoreId": "cks-1"}, id="of-a-store-of-one-s-own"),
        pytest.param(NATIVE, {"origin": "EXTERNAL"}, id="brought-along"),
    ],
)
def test_a_key_that_is_rotated_or_cannot_be_is_not(pack: Pack, kind: str, said: dict[str, Any]) -> None:
    assert ROTATES not in pack.advice(kind, said)


@pytest.mark.parametrize("key", ["enableKeyRotation", "customerMasterKeySpec", "customKeyStoreId"])
def test_what_is_not_known_yet_is_said(pack: Pack, key: str) -> None:
    assert pack.advice(KEY, {key: UNKNOWN})["unknown"] == [ROTATES]


def test_a_key_for_requests_is_told_and_never_repeated(pack: Pack) -> None:
    (message,) = pack.advice("aws:iam/accessKey:AccessKey", {"user": "pipeline", "secret": "hush"})[STATIC]
    assert message.startswith("it is a key that is kept and copied; ")
    assert "hush" not in message
    assert STATIC not in pack.advice("aws:iam/user:User", {"name": "pipeline"})
