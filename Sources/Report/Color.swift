/// An opaque colour, eight bits a channel.
public struct Color: Sendable, Hashable {
  public let red: UInt8
  public let green: UInt8
  public let blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// The colour of a number such as `0x0072B2`.
  public init(_ rgb: UInt32) {
    precondition(rgb <= 0xFFFFFF, "a colour is written 0xRRGGBB")
    red = UInt8(rgb >> 16 & 0xFF)
    green = UInt8(rgb >> 8 & 0xFF)
    blue = UInt8(rgb & 0xFF)
  }

  /// `#rrggbb`, as HTML, SVG and gnuplot read it.
  public var hex: String {
    "#" + [red, green, blue].map { Color.twoDigits($0) }.joined()
  }

  /// `#aarrggbb` with gnuplot's transparency: 0 is opaque, 1 invisible.
  func hex(transparency: Double) -> String {
    let alpha = UInt8((min(max(transparency, 0), 1) * 255).rounded())
    return "#" + Color.twoDigits(alpha) + hex.dropFirst()
  }

  /// This colour with `fraction` of it replaced by `other`.
  public func mixed(with other: Color, fraction: Double) -> Color {
    let share = min(max(fraction, 0), 1)
    func channel(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) * (1 - share) + Double(b) * share).rounded())
    }
    return Color(
      red: channel(red, other.red), green: channel(green, other.green),
      blue: channel(blue, other.blue))
  }

  public static let white = Color(0xFFFFFF)
  public static let black = Color(0x000000)

  private static func twoDigits(_ value: UInt8) -> String {
    let text = String(value, radix: 16)
    return value < 16 ? "0" + text : text
  }
}
