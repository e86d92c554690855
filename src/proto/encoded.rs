use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use std::marker::PhantomData;
use tonic::Status;
use tonic::codec::{Codec, EncodeBuf, Encoder};
use tonic_prost::ProstDecoder;

/// A message of type `M` as it goes over the wire, in parts that are not copied before they are sent.
#[derive(Debug)]
pub struct Encoded<M> {
    parts: Vec<Bytes>,
    message: PhantomData<fn() -> M>,
}

impl<M> Clone for Encoded<M> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), message: PhantomData }
    }
}

impl<M: Message> Encoded<M> {
    /// A message of parts, each some of its fields.
    pub fn of_parts(parts: Vec<Bytes>) -> Self {
        Self { parts, message: PhantomData }
    }

    /// A message.
    pub fn new(message: &M) -> Self {
        Self::of_parts(vec![message.encode_to_vec().into()])
    }

    /// A message with one field, which holds another message: its number in the contract and its parts.
    pub fn nested(field: u32, inner: Vec<Bytes>) -> Self {
        let mut parts = Vec::with_capacity(inner.len() + 1);
        push_message(&mut parts, field, inner);
        Self::of_parts(parts)
    }

    /// Its bytes in order.
    pub fn into_parts(self) -> Vec<Bytes> {
        self.parts
    }
}

/// Adds a field that holds a message of these parts.
pub fn push_message(parts: &mut Vec<Bytes>, field: u32, inner: Vec<Bytes>) {
    let mut head = BytesMut::with_capacity(12);
    put_head(&mut head, field, inner.iter().map(Bytes::len).sum());
    parts.push(head.freeze());
    parts.extend(inner);
}

/// Writes what stands before a message of so many bytes in a field.
pub fn put_head(buffer: &mut impl BufMut, field: u32, length: usize) {
    encode_key(field, WireType::LengthDelimited, buffer);
    encode_varint(length as u64, buffer);
}

/// Takes messages of prost in, and sends encoded ones.
pub struct EncodedCodec<M, U>(PhantomData<fn() -> (M, U)>);

impl<M, U> Default for EncodedCodec<M, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<M, U> Codec for EncodedCodec<M, U>
where
    M: Message + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = Encoded<M>;
    type Decode = U;
    type Encoder = PartsEncoder<M>;
    type Decoder = ProstDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        PartsEncoder(PhantomData)
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstDecoder::default()
    }
}

/// Writes the parts of encoded messages.
pub struct PartsEncoder<M>(PhantomData<fn() -> M>);

impl<M: Message> Encoder for PartsEncoder<M> {
    type Item = Encoded<M>;
    type Error = Status;

    fn encode(&mut self, message: Encoded<M>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.parts.into_iter().for_each(|part| buffer.put(part));
        Ok(())
    }
}
