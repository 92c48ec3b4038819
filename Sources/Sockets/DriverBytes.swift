import Atomistics

// The numbers of the protocol as bytes: Int32 and Float64, little-endian.

extension [UInt8] {
  mutating func append(_ value: Int32) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) {
    Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append(_ vectors: [Vector3], times factor: Double) {
    for vector in vectors {
      for k in 0..<3 { append(vector[k] * factor) }
    }
  }

  /// The transpose, row by row.
  mutating func append(transposed matrix: Matrix3, times factor: Double) {
    let (x, y, z) = matrix.transpose.rows
    append([x, y, z], times: factor)
  }

  func int32(at offset: Int) -> Int {
    withUnsafeBytes {
      Int(Int32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
    }
  }

  func double(at offset: Int) -> Double {
    withUnsafeBytes {
      Double(
        bitPattern: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
  }

  func vectors(_ count: Int, at offset: Int, times factor: Double) -> [Vector3] {
    (0..<count).map { index in
      let start = offset + 24 * index
      return factor * Vector3(double(at: start), double(at: start + 8), double(at: start + 16))
    }
  }

  /// The matrix whose transpose is written row by row.
  func matrix(transposedAt offset: Int, times factor: Double) -> Matrix3 {
    let rows = vectors(3, at: offset, times: factor)
    return Matrix3(rows[0], rows[1], rows[2]).transpose
  }
}
