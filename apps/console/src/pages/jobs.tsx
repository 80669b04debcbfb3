export default function P() {
  return <h1>jobs</h1>;
}
