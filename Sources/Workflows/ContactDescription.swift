import Atomistics
import FileFormats
import Interfaces

/// What a contact's extended XYZ says of it beside its atoms, in the comment line.
///
/// | key | holds |
/// |---|---|
/// | `electrolyte_miller`, `metal_miller` | the faces that meet: three whole numbers |
/// | `contact_planes_A` | heights of the contact planes |
/// | `gap_A` | from the metal's highest to the electrolyte's lowest atom |
/// | `closest_pair`, `closest_distance_A` | metal-electrolyte, the pair that sets the gap |
/// | `second_pair`, `second_distance_A` | the same at the second contact of a double one |
/// | `gap_fraction`, `radii` | the rule: smallest d = fraction (r_i + r_j), and whose radii |
/// | `vacuum_A` | missing in a double contact |
/// | `registry_shift_A` | the electrolyte's shift along x and y |
/// | `area_A2` | area |
/// | `metal_strain`, `electrolyte_strain` | Green-Lagrange strain xx, yy, xy of either side in its own frame |
/// | `terminations` | outermost elements, metal first, `\|` between |
public struct ContactDescription: Sendable, Hashable {
  public let electrolyteMiller: MillerIndex
  public let metalMiller: MillerIndex
  public let contactPlanes: [Double]
  public let gap: Double
  public let closestPair: CoherentInterface.ContactPair
  public let secondPair: CoherentInterface.ContactPair?
  public let gapFraction: Double
  public let radii: VanDerWaalsRadii
  public let vacuum: Double?
  public let shift: SIMD2<Double>
  public let area: Double
  public let metalStrain: SIMD3<Double>
  public let electrolyteStrain: SIMD3<Double>
  public let terminations: [String]

  public init(_ contact: CoherentInterface, settings: ContactSettings) {
    electrolyteMiller = contact.electrolyteMiller
    metalMiller = contact.metalMiller
    contactPlanes = contact.contactPlanes
    gap = contact.gap
    closestPair = contact.closestPair
    secondPair = contact.secondPair
    gapFraction = settings.gapFraction
    radii = settings.radii
    vacuum = settings.vacuum
    shift = contact.shift
    area = contact.shared.lattice.area
    metalStrain = contact.shared.metal.components
    electrolyteStrain = contact.shared.electrolyte.components
    terminations = contact.terminations
  }

  /// The pairs of the comment line.
  public var info: [(String, String)] {
    func miller(_ index: MillerIndex) -> String { "\(index.h) \(index.k) \(index.l)" }
    func numbers(_ values: [Double]) -> String { values.map { "\($0)" }.joined(separator: " ") }
    func pair(_ pair: CoherentInterface.ContactPair) -> String {
      "\(pair.metal)-\(pair.electrolyte)"
    }
    var info = [
      ("electrolyte_miller", miller(electrolyteMiller)), ("metal_miller", miller(metalMiller)),
      ("contact_planes_A", numbers(contactPlanes)), ("gap_A", "\(gap)"),
      ("closest_pair", pair(closestPair)), ("closest_distance_A", "\(closestPair.distance)"),
    ]
    if let secondPair {
      info += [
        ("second_pair", pair(secondPair)), ("second_distance_A", "\(secondPair.distance)"),
      ]
    }
    info += [("gap_fraction", "\(gapFraction)"), ("radii", radii.rawValue)]
    if let vacuum { info.append(("vacuum_A", "\(vacuum)")) }
    return info + [
      ("registry_shift_A", numbers([shift.x, shift.y])), ("area_A2", "\(area)"),
      ("metal_strain", numbers([metalStrain.x, metalStrain.y, metalStrain.z])),
      (
        "electrolyte_strain",
        numbers([electrolyteStrain.x, electrolyteStrain.y, electrolyteStrain.z])
      ),
      ("terminations", terminations.joined(separator: "|")),
    ]
  }

  /// A contact that was written, with what is said of it.
  ///
  /// - Throws: `FileFormatsError`; `.badFile` where a key is missing or is not what was written.
  public static func read(_ path: String) throws -> (Structure, ContactDescription) {
    let lines = try LineReader(path: path)
    var frames = ExtendedXYZ().frames(of: lines)
    guard let frame = try frames.next() else {
      throw FileFormatsError.badFile(path: path, line: nil, reason: "the file is empty")
    }
    return (frame.structure, try ContactDescription(Notes(values: frame.notes, path: path)))
  }

  private init(_ notes: Notes) throws {
    electrolyteMiller = try notes.miller("electrolyte_miller")
    metalMiller = try notes.miller("metal_miller")
    contactPlanes = try notes.numbers("contact_planes_A", 1...2)
    gap = try notes.numbers("gap_A", 1...1)[0]
    gapFraction = try notes.numbers("gap_fraction", 1...1)[0]
    closestPair = try notes.pair("closest")
    secondPair = notes.values["second_pair"] == nil ? nil : try notes.pair("second")
    guard let radii = VanDerWaalsRadii(rawValue: try notes.text("radii")) else {
      throw notes.failure("radii", expected: "alvarez or bondi")
    }
    self.radii = radii
    vacuum = notes.values["vacuum_A"] == nil ? nil : try notes.numbers("vacuum_A", 1...1)[0]
    let s = try notes.numbers("registry_shift_A", 2...2)
    shift = SIMD2(s[0], s[1])
    area = try notes.numbers("area_A2", 1...1)[0]
    metalStrain = try notes.vector("metal_strain")
    electrolyteStrain = try notes.vector("electrolyte_strain")
    terminations = try notes.text("terminations").split(
      separator: "|", omittingEmptySubsequences: false
    ).map(String.init)
  }

  /// The pairs of a comment line, as they are asked for.
  private struct Notes {
    let values: [String: String]
    let path: String

    func failure(_ key: String, expected: String) -> FileFormatsError {
      .badFile(
        path: path, line: 2,
        reason: "\(key) is \(values[key].map { "'\($0.prefix(60))'" } ?? "missing"), expected "
          + "\(expected), as `interphase interface` writes it")
    }

    func text(_ key: String) throws -> String {
      guard let text = values[key] else { throw failure(key, expected: "a text") }
      return text
    }

    func numbers(_ key: String, _ counts: ClosedRange<Int>) throws -> [Double] {
      let words = (values[key] ?? "").split(separator: " ")
      let numbers = words.compactMap { Double($0) }.filter(\.isFinite)
      guard words.count == numbers.count, counts.contains(numbers.count) else {
        throw failure(key, expected: "\(counts.upperBound) finite numbers")
      }
      return numbers
    }

    func vector(_ key: String) throws -> SIMD3<Double> {
      let e = try numbers(key, 3...3)
      return SIMD3(e[0], e[1], e[2])
    }

    func miller(_ key: String) throws -> MillerIndex {
      let m = (values[key] ?? "").split(separator: " ").compactMap { Int($0) }
      guard m.count == 3, m.allSatisfy({ abs($0) < 1000 }),
        greatestCommonDivisor(greatestCommonDivisor(m[0], m[1]), m[2]) == 1
      else { throw failure(key, expected: "three whole numbers without a common divisor") }
      return MillerIndex(m[0], m[1], m[2])
    }

    func pair(_ name: String) throws -> CoherentInterface.ContactPair {
      let elements = try text("\(name)_pair").split(separator: "-").compactMap { Element($0) }
      guard elements.count == 2 else {
        throw failure("\(name)_pair", expected: "two elements such as Li-S")
      }
      let distance = try numbers("\(name)_distance_A", 1...1)[0]
      return CoherentInterface.ContactPair(
        metal: elements[0], electrolyte: elements[1], distance: distance, required: distance)
    }
  }
}
