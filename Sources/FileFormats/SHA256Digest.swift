import CCrypto
import Foundation

/// SHA-256 (FIPS 180-4) in hexadecimal, by libcrypto.
public enum SHA256Digest {
  public static func hex(of data: Data) -> String {
    var state = State()
    data.withUnsafeBytes { state.update($0) }
    return state.finish()
  }

  /// The digest of the file's bytes as they lie on the disk, compressed or not.
  ///
  /// - Throws: `FileFormatsError.missing` or `.unreadable`.
  public static func hex(ofFile path: String) throws -> String {
    let file = try RawFileReader(path: path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var state = State()
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return state.finish() }
      state.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private struct State: ~Copyable {
    private let context: OpaquePointer

    init() {
      guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
      else { preconditionFailure("libcrypto knows SHA-256") }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
      guard !bytes.isEmpty else { return }
      let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
      precondition(status == 1, "libcrypto takes bytes")
    }

    mutating func finish() -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      let status = EVP_DigestFinal_ex(context, &digest, nil)
      precondition(status == 1, "libcrypto ends a digest")
      let digits = Array("0123456789abcdef")
      return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }
}
