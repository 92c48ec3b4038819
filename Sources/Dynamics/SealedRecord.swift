import Foundation

/// Bytes with a seal around them, so that what was cut off, changed or is something else is found.
///
/// Layout, little-endian: eight bytes of magic, UInt32 version, UInt64 length of the payload, the
/// payload, UInt64 FNV-1a checksum of everything before it.
public enum SealedRecord {
  private static let headerLength = 20

  /// The payload with its seal; `magic` has eight ASCII characters.
  public static func seal(_ payload: Data, magic: String, version: UInt32) -> Data {
    precondition(magic.utf8.count == 8, "the magic has eight bytes")
    var writer = RecordWriter()
    writer.append(bytes: Data(magic.utf8))
    writer.append(version)
    writer.append(UInt64(payload.count))
    writer.append(bytes: payload)
    writer.append(checksum(writer.data))
    return writer.data
  }

  /// The payload, if the seal is whole.
  ///
  /// - Throws: `DynamicsError.badState` that says what is wrong with the bytes.
  public static func unseal(_ data: Data, magic: String, version: UInt32) throws -> Data {
    guard data.count >= headerLength + 8 else {
      throw DynamicsError.badState("it is \(data.count) bytes long, too short: it was cut off")
    }
    var reader = RecordReader(data)
    guard try reader.bytes(8) == Data(magic.utf8) else {
      throw DynamicsError.badState("it does not begin with \(magic): it is something else")
    }
    let found: UInt32 = try reader.integer()
    guard found == version else {
      throw DynamicsError.badState(
        "it has version \(found) of its format, this program reads version \(version): go on with the "
          + "program that wrote it")
    }
    let length: UInt64 = try reader.integer()
    guard length == UInt64(data.count - headerLength - 8) else {
      throw DynamicsError.badState(
        "it should hold \(length) bytes and holds \(data.count - headerLength - 8): it was cut off")
    }
    let payload = try reader.bytes(Int(length))
    let sum: UInt64 = try reader.integer()
    guard sum == checksum(data.dropLast(8)) else {
      throw DynamicsError.badState("its checksum is wrong: it was changed or damaged")
    }
    return payload
  }

  /// The 64-bit FNV-1a hash (Fowler, Noll and Vo; RFC 9923).
  public static func checksum(_ data: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in data { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}

/// Numbers and texts into bytes, little-endian.
public struct RecordWriter {
  public private(set) var data = Data()

  public init() {}

  public mutating func append(bytes: Data) { data.append(bytes) }

  public mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
  }

  public mutating func append(_ value: Double) { append(value.bitPattern) }

  public mutating func append(_ value: Vector) {
    for axis in 0..<3 { append(value[axis]) }
  }

  public mutating func append(_ text: String) {
    append(UInt64(text.utf8.count))
    append(bytes: Data(text.utf8))
  }

  /// The count, then each element by `body`.
  public mutating func append<T>(list: [T], _ body: (inout Self, T) -> Void) {
    append(UInt64(list.count))
    for element in list { body(&self, element) }
  }

  public typealias Vector = SIMD3<Double>
}

/// Bytes back into what `RecordWriter` wrote; never reads past the end.
public struct RecordReader {
  private let data: Data
  private var position: Data.Index

  public init(_ data: Data) {
    self.data = data
    position = data.startIndex
  }

  public mutating func bytes(_ count: Int) throws -> Data {
    guard count >= 0, count <= data.endIndex - position else {
      throw DynamicsError.badState("it ends in the middle of a value")
    }
    defer { position += count }
    return Data(data[position..<(position + count)])
  }

  /// All bytes that are left.
  public mutating func rest() throws -> Data { try bytes(data.endIndex - position) }

  public mutating func integer<T: FixedWidthInteger>() throws -> T {
    var value: T = 0
    let raw = try bytes(T.bitWidth / 8)
    withUnsafeMutableBytes(of: &value) { _ = raw.copyBytes(to: $0) }
    return T(littleEndian: value)
  }

  public mutating func double() throws -> Double { Double(bitPattern: try integer()) }

  public mutating func vector() throws -> SIMD3<Double> {
    SIMD3(try double(), try double(), try double())
  }

  public mutating func text() throws -> String {
    String(decoding: try bytes(try count(of: 1)), as: UTF8.self)
  }

  public mutating func list<T>(_ body: (inout Self) throws -> T) throws -> [T] {
    let count = try count(of: 1)
    return try (0..<count).map { _ in try body(&self) }
  }

  /// A count that the bytes that are left can hold.
  private mutating func count(of size: Int) throws -> Int {
    let value: UInt64 = try integer()
    guard value <= UInt64(data.endIndex - position) / UInt64(size) else {
      throw DynamicsError.badState("it tells of more values than it has bytes for")
    }
    return Int(value)
  }
}
