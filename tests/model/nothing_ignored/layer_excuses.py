"""The arguments of layers that no model here can show, and why."""

# They act elsewhere, or cannot act in what they are an argument of.
UNSEEN = {
    "BatchNormalization.synchronized": "it averages over replicas, and there is one",
    "MixUp.data_format RandomInvert.data_format RandomPosterization.data_format": "each number is treated alike",
    "MaxNumBoundingBoxes.max_number MaxNumBoundingBoxes.fill_value": "boxes come in a mapping, not in arrays of rows",
    "ReversibleEmbedding.reverse_dtype ReversibleEmbedding.logit_soft_cap": "reversing is a way to call the layer",
    "Discretization.epsilon": "it acts where boundaries are found from data",
    "*.quantization_config EinsumDense.gptq_unpacked_column_size": "it matters to quantized layers, as a Python object",
    "StringLookup.encoding": "it acts where the vocabulary is asked for",
    "TextVectorization.encoding": "it acts beside a Python function as `standardize`",
    "Bidirectional.autocast *RNN.autocast StackedRNNCells.autocast": "the cells cast by themselves",
    "LSTM.autocast GRU.autocast ConvLSTM*.autocast": "the cells cast by themselves",
    "MultiHeadAttention.autocast GroupQueryAttention.autocast": "its parts cast by themselves",
    "GroupNormalization.autocast LayerNormalization.autocast Normalization.autocast": "it casts by itself",
    "RandomCrop.autocast RandomE*.autocast RandomFlip.autocast RandomGaussianBlur.autocast": "it casts by itself",
    "RandomPersp*.autocast RandomRotation.autocast RandomSh*.autocast RandomTranslation.autocast": "it casts by itself",
    "RandomZoom.autocast RandAugment.autocast AugMix.autocast CutMix.autocast": "it casts by itself",
    "Solarization.autocast AutoContrast.autocast CenterCrop.autocast Rescaling.autocast": "it casts by itself",
    "CategoryEncoding.autocast Hashing.autocast TextVectorization.autocast": "it reads no fractions",
}

# Keras 3.15 takes them and never looks at them, though it should.
LOST_BY_KERAS = {
    "Bidirectional.weights": "it becomes `initial_weights`, which nothing reads",
    "Dense.lora_alpha Embedding.lora_alpha": "building the layer sets it to `lora_rank`",
    "Embedding.autocast ReversibleEmbedding.autocast": "it is set to false whatever is given",
    "SimpleRNN.activity_regularizer": "it is not handed on to the layer's base class",
    "RandomColorJitter.data_format": "it is not handed on to the layers that change the colours",
    "HashedCrossing.activity_regularizer HashedCrossing.trainable HashedCrossing.autocast": "`**kwargs` is dropped",
    "IntegerLookup.dtype StringLookup.dtype TextVectorization.dtype": "it is not handed on to the layer's base class",
    "StackedRNNCells.dtype": "it is not handed on to the cells",
    # The weights of layers inside train on.
    "MultiHeadAttention.trainable GroupQueryAttention.trainable": "it is not handed on to the layers inside",
    "Bidirectional.trainable TimeDistributed.trainable SpectralNormalization.trainable": "nor here",
    "RNN.trainable StackedRNNCells.trainable ConvLSTM*.trainable": "nor here",
}
