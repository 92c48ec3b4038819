import ArgumentParser
import Atomistics
import Foundation
import Interfaces
import Workflows

/// Lists terminations and matches by pymatgen's conventions and builds contacts of one pair of faces.
struct PymatgenContacts {
  private struct Plane {
    let miller: MillerIndex
    let generator: PymatgenSlab.Generator
    /// Of the slab that the matches are of.
    let lattice: Lattice

    init(_ crystal: Structure, _ miller: MillerIndex) {
      self.miller = miller
      generator = PymatgenSlab.Generator(crystal, miller)
      lattice = generator.slab(shift: 0, thickness: .layers(1)).lattice
    }
  }
  private struct Pair {
    let electrolyte: Plane
    let metal: Plane
    let matches: [PymatgenMatches.Match]
  }

  private let options: PymatgenOptions
  private let settings: ContactSettings
  private let pairs: [Pair]
  private let clusters: [Cluster]
  private let vacuum: String?

  init(
    electrolyte: Structure, metal: Structure, settings: ContactSettings, options: PymatgenOptions,
    clusters: [Cluster], vacuum: String?
  ) throws {
    guard settings.limits.kind == .relative else {
      throw ValidationError("pymatgen's limits are relative; --absolute-length does not go with it")
    }
    try settings.validate()
    var search = PymatgenMatches()
    search.area = settings.limits.area
    search.length = settings.limits.length
    search.angle = settings.limits.angle
    search.bidirectional = options.bidirectional
    let films = try options.faces(options.electrolyteFace, upTo: settings.maximumIndex)
      .map { Plane(electrolyte, $0) }
    let metals = try options.faces(options.anodeFace, upTo: settings.maximumIndex)
      .map { Plane(metal, $0) }
    pairs = films.flatMap { film in
      metals.map { metal in
        let isFilm = options.film == .electrolyte
        return Pair(
          electrolyte: film, metal: metal,
          matches: search.all(
            film: isFilm ? film.lattice : metal.lattice,
            substrate: isFilm ? metal.lattice : film.lattice))
      }
    }
    self.options = options
    self.settings = settings
    self.clusters = clusters
    self.vacuum = vacuum
  }

  /// - Parameters:
  ///   - folder: where contacts go; nil lists only.
  ///   - count: how many of the matches are built; nil for all.
  func listing(to folder: URL?, count: Int?) throws -> PymatgenListing {
    var listing = PymatgenListing(film: options.film)
    let isOne = options.electrolyteFace != nil && options.anodeFace != nil
    guard isOne, let pair = pairs.first else {
      guard folder == nil, options.terminations == nil else {
        throw ValidationError(
          "contacts like pymatgen's are of one pair of faces; give --electrolyte-face and "
            + "--anode-face")
      }
      listing.matches = pairs.flatMap { pair in pair.matches.map { row($0, pair) } }
      return listing
    }
    let cuts = (
      electrolyte: PymatgenTermination.all(pair.electrolyte.generator, clusters: clusters),
      metal: PymatgenTermination.all(pair.metal.generator, clusters: clusters)
    )
    listing.terminations = (rows(cuts.electrolyte), rows(cuts.metal))
    listing.matches = pair.matches.map { row($0, pair) }
    guard let folder else { return listing }
    let chosen = try options.chosen()
    let electrolyte = PymatgenContact.Side(
      pair.electrolyte.generator,
      cut: try pick(chosen.electrolyte, cuts.electrolyte, "electrolyte's"),
      thickness: settings.electrolyteThickness ?? .layers(1), region: .electrolyte)
    let metal = PymatgenContact.Side(
      pair.metal.generator, cut: try pick(chosen.metal, cuts.metal, "metal's"),
      thickness: settings.metalThickness ?? .layers(1), region: .metal)
    let isFilm = options.film == .electrolyte
    for (number, match) in pair.matches.enumerated().prefix(count ?? .max) {
      let contact = PymatgenContact(
        film: isFilm ? electrolyte : metal, substrate: isFilm ? metal : electrolyte, match: match,
        gap: try options.filmGap.map(Quantity.length) ?? 2,
        vacuum: try vacuum.map(Quantity.length) ?? 20)
      listing.matches[number].atoms = contact.structure.count
      listing.matches[number].files = try ContactFiles(
        writing: contact.structure, info: info(pair, match), name: "contact-\(number + 1)",
        to: folder)
    }
    listing.chosen = chosen
    return listing
  }

  private func pick(
    _ number: Int, _ cuts: [PymatgenTermination], _ side: String
  ) throws -> PymatgenTermination {
    guard number <= cuts.count else {
      throw ValidationError(
        "--terminations asks for the \(side) number \(number); its face has \(cuts.count)")
    }
    return cuts[number - 1]
  }

  private func info(_ pair: Pair, _ match: PymatgenMatches.Match) -> [(String, String)] {
    func miller(_ index: MillerIndex) -> String { "\(index.h) \(index.k) \(index.l)" }
    return [
      ("convention", "pymatgen 2026.10.24"), ("film", options.film.rawValue),
      ("electrolyte_miller", miller(pair.electrolyte.miller)),
      ("metal_miller", miller(pair.metal.miller)), ("area_A2", "\(match.area)"),
      (
        "film_strain",
        [match.strain.xx, match.strain.yy, match.strain.xy].map { "\($0)" }.joined(separator: " ")
      ),
    ]
  }

  private func rows(_ cuts: [PymatgenTermination]) -> [PymatgenListing.Termination] {
    cuts.enumerated().map {
      PymatgenListing.Termination(
        number: $0 + 1, shift: $1.shift, label: $1.label, cutBonds: $1.cutBonds)
    }
  }

  private func row(_ match: PymatgenMatches.Match, _ pair: Pair) -> PymatgenListing.Match {
    func rows(_ matrix: PlaneSupercell) -> [[Int]] { matrix.rows.map { [$0.x, $0.y] } }
    func shape(_ one: PymatgenMatches.Shape) -> [Double] { [one.a, one.b, one.angle] }
    let isFilm = options.film == .electrolyte
    let (film, base) = (match.filmTransformation, match.substrateTransformation)
    return PymatgenListing.Match(
      electrolyteMiller: pair.electrolyte.miller.description,
      anodeMiller: pair.metal.miller.description, area_A2: match.area,
      electrolyteTransformation: rows(isFilm ? film : base),
      anodeTransformation: rows(isFilm ? base : film),
      electrolyteLattice: shape(isFilm ? match.film : match.substrate),
      anodeLattice: shape(isFilm ? match.substrate : match.film),
      strain: [match.strain.xx, match.strain.yy, match.strain.xy],
      vonMisesStrain: match.strain.vonMises)
  }
}
